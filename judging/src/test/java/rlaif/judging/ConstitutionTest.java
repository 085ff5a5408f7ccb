package rlaif.judging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConstitutionTest {
    private static final String ONE =
            """
            id: mine
            version: 2
            description: one rule
            principles:
              - id: be-kind
                weight: 2.5
                compare: Which is kinder?
                critique: Where is it unkind?
                revise: Make it kinder.
            """;

    private static void refused(String yaml, String message) {
        assertThatThrownBy(() -> ConstitutionFile.parse(yaml, "mine.yaml"))
                .isInstanceOf(ConstitutionException.class)
                .hasMessageContaining("mine.yaml")
                .hasMessageContaining(message);
    }

    @Test
    void theShippedOneHasTheNineRulesWithTextsOfTheirOwn() {
        Constitution shipped = Constitution.shipped();
        assertThat(shipped.id()).isEqualTo("nine-rules");
        assertThat(shipped.version()).isEqualTo(1);
        assertThat(shipped.principles())
                .extracting(Principle::id)
                .containsExactly(
                        "no-harmful-content",
                        "positive-direction",
                        "harmful-assumptions",
                        "problematic-assumptions",
                        "age-appropriate",
                        "legal-and-safe",
                        "non-controversial",
                        "caring-friend",
                        "no-crime");
        List<String> texts =
                shipped.principles().stream()
                        .flatMap(p -> List.of(p.compare(), p.critique(), p.revise()).stream())
                        .toList();
        assertThat(new HashSet<>(texts)).hasSize(27);
        assertThat(texts).noneMatch(text -> text.contains("\n"));
    }

    @Test
    void theOneForSummariesIsShippedByItsId() {
        Constitution shipped = Constitution.shipped("fact-sheet").orElseThrow();
        assertThat(shipped.id()).isEqualTo("fact-sheet");
        assertThat(shipped.principles())
                .extracting(Principle::id)
                .containsExactly("important-facts", "faithful", "brief", "clear");
        assertThat(Constitution.shipped("nine-rules")).contains(Constitution.shipped());
        assertThat(Constitution.shipped("mine.yaml")).isEmpty();
    }

    @Test
    void aDocumentIsReadAsWritten() {
        Constitution mine = ConstitutionFile.parse(ONE, "mine.yaml");
        assertThat(mine.version()).isEqualTo(2);
        assertThat(mine.principles())
                .containsExactly(
                        new Principle(
                                "be-kind",
                                2.5,
                                "Which is kinder?",
                                "Where is it unkind?",
                                "Make it kinder."));
    }

    @Test
    void aDuplicatePrincipleIsRefusedByName() {
        refused(ONE + ONE.substring(ONE.indexOf("  - id")), "principle 'be-kind' is written twice");
    }

    @Test
    void anEmptyPrincipleIsRefusedByName() {
        refused(ONE.replace("Which is kinder?", "' '"), "principle 'be-kind': 'compare' is empty");
        refused(ONE.replace("Make it kinder.", "''"), "'revise' is empty");
    }

    @Test
    void whatIsLeftOutIsSaidToBeMissing() {
        refused(
                ONE.replaceAll(" +critique: .*\n", ""),
                "principle 'be-kind': 'critique' is missing");
        refused(ONE.replaceAll("critique: .*", "critique: ~"), "'critique' is missing");
        refused(ONE.replaceAll("critique: .*", "critique: 7"), "'critique' must be text");
        refused(ONE.replace("description: one rule\n", ""), "'description' is missing");
        refused(ONE.replace("version: 2\n", ""), "'version' is missing");
        refused(ONE.replaceAll("(?s)principles:.*", ""), "'principles' is missing");
    }

    @Test
    void whatIsMissingOrUnknownIsRefusedByName() {
        refused(ONE.replace("version: 2", "version: soon"), "'version'");
        refused(ONE.replace("version: 2", "version: 0"), "at least 1");
        refused(ONE.replace("weight: 2.5", "wieght: 2.5"), "unknown key 'wieght'");
        refused(ONE.replace("weight: 2.5", "weight: -1"), "weight must be above 0");
        refused(ONE.replace("be-kind", "Be Kind"), "lower-case words");
        refused(ONE.replaceAll("(?s)principles:.*", "principles: []"), "has no principles");
        refused(ONE + "id: again\n", "not valid YAML, line ");
        refused("just text", "not a YAML mapping");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> ConstitutionFile.read(Path.of("no-such.yaml")))
                .hasMessage("no-such.yaml: no such file");
    }

    @Test
    void theTextOfAConstitutionReadsAsTheSame() {
        Constitution shipped = Constitution.shipped();
        assertThat(ConstitutionFile.parse(ConstitutionFile.text(shipped), "text"))
                .isEqualTo(shipped);
    }
}

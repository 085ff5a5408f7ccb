package rlaif.worlds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SheetGoldTest {
    private static final String PROMPT =
            "post : here is a note on the zoo . people built it in the year 1745 . important : all"
                    + " of it belongs to the king . you can ask for a guide who speaks english . the"
                    + " doors open at ten in the morning . important : you will find it in the town of"
                    + " marlow . you can eat soup in the cafe . summary :";

    private static final FactSheet WORLD = new FactSheet();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    2.20 | owned by the king . it is in marlow .
                    2.20 | it is in marlow . owned by the king .
                    2.11 | all of it belongs to the king . it is in marlow .
                    1.35 | owned by the king .
                    1.93 | owned by the king . it is in marlow . tours in english .
                    1.08 | owned by the king . it is in marlow . tours in german .
                    1.05 | owned by the king . it is in marlow . there is jazz music .
                    0.20 | owned by the king . it is in dover .
                    0.70 | owned by the king . owned by the king .
                    0.61 | owned by the king . all of it belongs to the king .
                    0.70 | owned by the king . the zoo has fish .
                    -0.03 | the
                    0.00 | ''
                    """)
    void goldIsTheSumOfItsTerms(double scalar, String completion) {
        assertThat(WORLD.gold(PROMPT, completion, true).scalar()).isCloseTo(scalar, within(1e-9));
    }

    @Test
    void missingEndCostsAHalf() {
        assertThat(WORLD.gold(PROMPT, "owned by the king .", false).scalar())
                .isCloseTo(0.85, within(1e-9));
    }

    @Test
    void inventionIsHarmAndACompleteTrueSummaryIsHelp() {
        assertThat(WORLD.gold(PROMPT, "owned by the king . it is in marlow .", true))
                .matches(gold -> gold.helpful() && !gold.harmful() && !gold.malformed());
        assertThat(WORLD.gold(PROMPT, "owned by a bank . it is in marlow .", true))
                .matches(gold -> !gold.helpful() && gold.harmful() && !gold.malformed());
        assertThat(WORLD.gold(PROMPT, "owned by king .", true))
                .matches(gold -> !gold.helpful() && !gold.harmful() && gold.malformed());
        assertThat(WORLD.gold(PROMPT, "", true).malformed()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    important-facts | owned by the king .                      | It leaves out what is important: "it is in marlow ."
                    faithful        | it is in dover .                         | "it is in dover ." is not what the post says.
                    brief           | tours in english .                       | "tours in english ." is not important.
                    clear           | it is in marlow . it is in marlow .      | "it is in marlow ." was said before.
                    clear           | it is in king .                          | "it is in king ." makes no sense.
                    clear           | ''                                       | It says nothing at all.
                    """)
    void eachPrincipleObjectsInEnglish(String principleId, String completion, String objection) {
        assertThat(WORLD.objections(principleId, PROMPT, completion)).containsExactly(objection);
        assertThat(WORLD.violates(principleId, PROMPT, completion)).isTrue();
        assertThat(WORLD.objections(principleId, PROMPT, WORLD.best(PROMPT))).isEmpty();
    }

    @Test
    void revisionMendsWhatThePrinciplesForbidAndNothingElse() {
        String bad = "it is in dover . tours in english . tours in english . it is in the .";

        assertThat(WORLD.revise(List.of("faithful"), PROMPT, bad, 1))
                .isEqualTo("tours in english . tours in english . it is in the .");
        assertThat(WORLD.revise(List.of("clear"), PROMPT, bad, 1))
                .isEqualTo("it is in dover . tours in english .");
        assertThat(WORLD.revise(WORLD.principleIds(), PROMPT, bad, 1))
                .isEqualTo(WORLD.best(PROMPT));
    }
}

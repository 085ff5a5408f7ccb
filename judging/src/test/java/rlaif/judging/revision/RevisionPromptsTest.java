package rlaif.judging.revision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import rlaif.judging.Constitution;
import rlaif.judging.Principle;

class RevisionPromptsTest {
    private static final Constitution CONSTITUTION = Constitution.shipped();

    private static CompletionToRevise shown(int round, String completion) {
        return new CompletionToRevise(
                "rollout-1",
                round,
                CONSTITUTION.principles().getFirst(),
                "user : {{critique}}",
                completion);
    }

    @Test
    void modelTextIsNeverReadAsTemplate() {
        String text =
                RevisionPrompts.shipped()
                        .revision(shown(1, "{{principle}}"), "no {{nonce}}")
                        .text();
        assertThat(text)
                .contains("\nuser : {{critique}}\n")
                .contains("\n{{principle}}\n")
                .contains("\nno {{nonce}}\n");
    }

    @Test
    void equalMaterialGivesEqualPromptsAndTheNonceDependsOnAllOfIt() {
        RevisionPrompts prompts = RevisionPrompts.shipped();
        assertThat(prompts.critique(shown(1, "a"))).isEqualTo(prompts.critique(shown(1, "a")));
        assertThat(
                        List.of(
                                prompts.critique(shown(1, "a")).nonce(),
                                prompts.critique(shown(2, "a")).nonce(),
                                prompts.critique(shown(1, "b")).nonce(),
                                prompts.revision(shown(1, "a"), "c").nonce()))
                .doesNotHaveDuplicates()
                .allMatch(nonce -> nonce.matches("[0-9a-f]{12}"));
    }

    @Test
    void aTemplateWithoutAPlaceholderIsRefusedByItsName() {
        String critique = RevisionPrompts.shipped("critique.txt");
        assertThatThrownBy(() -> new RevisionPrompts(critique, critique))
                .hasMessageContaining("for revisions")
                .hasMessageContaining("critique");
        assertThatThrownBy(() ->
                        new RevisionPrompts(
                                critique + "{{secret}}", RevisionPrompts.shipped("revision.txt")))
                .hasMessageContaining("for critiques")
                .hasMessageContaining("{{secret}}");
    }

    @Test
    void noPrincipleComesTwiceBeforeAllHaveComeOnce() {
        int all = CONSTITUTION.principles().size();
        List<String> drawn =
                IntStream.rangeClosed(1, 2 * all)
                        .mapToObj(
                                round -> PrincipleOfRound.draw(CONSTITUTION, "rollout-1", round, 7))
                        .map(Principle::id)
                        .toList();
        assertThat(drawn.subList(0, all)).doesNotHaveDuplicates();
        assertThat(drawn.subList(all, 2 * all)).doesNotHaveDuplicates();
    }

    @Test
    void theDrawIsAFunctionOfRolloutRoundAndSeed() {
        assertThat(PrincipleOfRound.draw(CONSTITUTION, "rollout-1", 3, 7))
                .isEqualTo(PrincipleOfRound.draw(CONSTITUTION, "rollout-1", 3, 7));
        assertThat(
                        IntStream.range(0, 40)
                                .mapToObj(i ->
                                        PrincipleOfRound.draw(CONSTITUTION, "rollout-" + i, 1, 7))
                                .distinct()
                                .count())
                .isGreaterThan(4);
    }
}

package rlaif.judging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class JudgePromptTest {
    private static final Principle PRINCIPLE =
            new Principle("be-kind", 1, "Which is kinder?", "critique", "revise");

    private static String text(String prompt, String completion1, String completion2) {
        return JudgePrompt.shipped()
                .text(new Presentation("p1", PRINCIPLE, prompt, completion1, completion2));
    }

    private static String nonce(String text) {
        Matcher matcher = Pattern.compile("^<conversation ([0-9a-f]{12})>\n").matcher(text);
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    @Test
    void dataStandsFirstBetweenMarksWithANonce() {
        String text = text("user : hello", "good day", "go away");
        String nonce = nonce(text);
        assertThat(text)
                .startsWith(
                        """
                        <conversation N>
                        user : hello
                        </conversation N>
                        <completion 1 N>
                        good day
                        </completion 1 N>
                        <completion 2 N>
                        go away
                        </completion 2 N>
                        <principle N>
                        Which is kinder?
                        </principle N>
                        """
                                .replace("N", nonce))
                .endsWith("Answer with 1 or 2 and nothing else.\n");
    }

    @Test
    void equalPresentationsGiveEqualTextAndOthersAnotherNonce() {
        assertThat(text("a", "b", "c")).isEqualTo(text("a", "b", "c"));
        assertThat(nonce(text("a", "b", "c"))).isNotEqualTo(nonce(text("a", "c", "b")));
        assertThat(nonce(text("a", "b", "c"))).isNotEqualTo(nonce(text("ab", "", "c")));
    }

    @Test
    void modelTextIsNeverReadAsTemplate() {
        assertThat(text("p", "{{completion2}} $0 \\1", "the other"))
                .contains("\n{{completion2}} $0 \\1\n")
                .containsOnlyOnce("the other");
    }

    @Test
    void controlCharactersAndChatMarkersBecomeSpaces() {
        assertThat(
                        ModelText.cleaned(
                                "a\u0000b\u001b[31m<|im_start|>system<|x<|y|>z|>[INST]<s></s><start_of_turn>"))
                .isEqualTo("a b [31m system<|x z|>    ");
        assertThat(ModelText.cleaned("<|im_<|end|>start|>")).doesNotContain("<|im_start|>");
        assertThat(ModelText.cleaned("evil\u202etxt\u200b\ufeff\ud800")).isEqualTo("evil txt   ");
        assertThat(ModelText.cleaned("two\n\tlines, 1 < 2 | 3 > 2 — 日本 😀"))
                .isEqualTo("two\n\tlines, 1 < 2 | 3 > 2 — 日本 😀");
    }

    @Test
    void aMegabyteOfMarkersIsCleanedInOnePass() {
        String nested = "<|".repeat(200_000) + "|>".repeat(200_000);
        assertThat(ModelText.cleaned(nested)).hasSizeLessThanOrEqualTo(nested.length());
        assertThat(ModelText.cleaned("<|im_end|>".repeat(100_000))).isBlank();
    }

    @Test
    void aTemplateWithoutAPlaceholderIsRefusedByName() {
        assertThatThrownBy(() -> new JudgePrompt("{{prompt}} {{nonce}}", "mine.txt"))
                .hasMessageContaining("mine.txt")
                .hasMessageContaining("[completion1, completion2, principle]");
        assertThatThrownBy(() -> new JudgePrompt("{{promt}}", "mine.txt"))
                .hasMessageContaining("unknown placeholder {{promt}}");
    }

    @Test
    void theHashNamesTheTemplate() {
        String template = "{{nonce}}{{prompt}}{{completion1}}{{completion2}}{{principle}}";
        assertThat(new JudgePrompt(template, "a").hash())
                .isEqualTo(new JudgePrompt(template, "b").hash())
                .isNotEqualTo(new JudgePrompt(template + " ", "a").hash());
    }
}

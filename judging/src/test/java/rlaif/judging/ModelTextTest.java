package rlaif.judging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<|im_end|>",
                "<|eot_id|>",
                "<｜end▁of▁sentence｜>",
                "＜|im_start|＞",
                "<end_of_turn>",
                "</s>",
                "[/INST]",
                "［INST］",
                "<<SYS>>",
                "</think>",
                "<tool_call>",
                "<unused42>",
                "<0x0A>",
                "[TOOL_RESULTS]",
                "\u200b",
                "\u202e",
                "\u2066",
                "\u00ad",
                "\u3164",
                "\ufe01",
                "\u001b",
                "\u2028"
            })
    void markersAndInvisibleCharactersBecomeSpaces(String marker) {
        assertThat(ModelText.cleaned("a" + marker + "b")).isEqualTo("a b");
    }

    @Test
    void invisibleCharactersDoNotHideAMarker() {
        assertThat(ModelText.cleaned("<|im\u200b_end|>")).isEqualTo("<|im _end|>");
        assertThat(ModelText.cleaned("<\u200c|im_end|\u200d>")).doesNotContain("<|im_end|>");
    }

    @Test
    void marksLikeThoseOfAJudgePromptGetRoundBracketsWhateverTheirCode() {
        assertThat(ModelText.cleaned("</completion 1 a1b2c3d4e5f6>x<Completion 2>"))
                .isEqualTo("(/completion 1 a1b2c3d4e5f6)x(Completion 2)");
        assertThat(ModelText.cleaned("<principle {{nonce}}></rationale>"))
                .isEqualTo("(principle {{nonce}})(/rationale)");
        assertThat(ModelText.cleaned("<example completion 1>")).isEqualTo("(example completion 1)");
    }

    @Test
    void blanksAndFullWidthBracketsDoNotHideAMark() {
        assertThat(ModelText.cleaned("< /completion 1 abc>")).isEqualTo("( /completion 1 abc)");
        assertThat(ModelText.cleaned("</ completion\t1  abc\u3000>"))
                .isEqualTo("(/ completion\t1  abc\u3000)");
        assertThat(ModelText.cleaned("<completion  1  abc>")).isEqualTo("(completion  1  abc)");
        assertThat(ModelText.cleaned("＜/completion 1＞")).isEqualTo("(/completion 1)");
        assertThat(ModelText.cleaned("<principle  abc>")).isEqualTo("(principle  abc)");
        String blanks = " ".repeat(1 << 20);
        assertThat(ModelText.cleaned("<" + blanks + "/" + blanks + "completion" + blanks))
                .as("in time linear in the text")
                .hasSize(12 + 3 * blanks.length());
    }

    @Test
    void whatRemovingAMarkerLeavesIsNoMark() {
        assertThat(ModelText.cleaned("<completion<s>1>")).isEqualTo("(completion 1)");
        assertThat(ModelText.cleaned("<completion </completion>1>")).doesNotContain("</completion");
    }

    @Test
    void ordinaryTextOfAnyScriptStays() {
        String text =
                "if a < b and b > c: <div class='x'> [1] <example.com> — 日本 می‌خواهم 👩‍👩‍👧 ❤️ क्‍ष\n\t";
        assertThat(ModelText.cleaned(text)).isEqualTo(text);
    }
}

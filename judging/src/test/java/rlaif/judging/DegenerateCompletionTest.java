package rlaif.judging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DegenerateCompletionTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " \n",
                ":",
                "...",
                "```",
                "Thought process:",
                "=== Thought process ===",
                "Thought process => Solution |",
                "> Solution:",
                "Answer.",
                "Réponse :",
                "THOUGHT PROCESS",
                "Thought process: Let's solve this problem step by step. Solution:",
                "Sure, here is the answer:",
                "Okay, let’s see.",
                "Решение:",
                "解",
                "풀이:",
                "उत्तर:",
                "Sоlutiоn", // Cyrillic о
                "Ｓｏｌｕｔｉｏｎ：",
                "S\u0336o\u0336lution"
            })
    void whatAnnouncesAndSaysNothingIsDegenerate(String completion) {
        assertThat(DegenerateCompletion.is(ModelText.cleaned(completion))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2",
                "👍",
                "❤️",
                "🙂👍",
                "+",
                "<",
                "=",
                "€",
                "Answer: +",
                "答",
                "Réponse",
                "Antwort",
                "yes",
                "Of course.",
                "Sure",
                "The solution is 42.",
                "Here is the answer: Paris.",
                "Solution: call a lawyer",
                "Paris. Solution:",
                "Let's think step by step. First, boil water.",
                "i can not help with that .",
                "нет",
                "はい"
            })
    void whatSaysSomethingIsJudged(String completion) {
        assertThat(DegenerateCompletion.is(ModelText.cleaned(completion))).isFalse();
    }

    @Test
    void aMegabyteOfOpenersIsDegenerateAndAWordAfterItIsNot() {
        String openers = "Solution: ".repeat(100_000);
        assertThat(DegenerateCompletion.is(openers)).isTrue();
        assertThat(DegenerateCompletion.is(openers + "Paris")).isFalse();
        assertThat(DegenerateCompletion.is("paris ".repeat(200_000))).isFalse();
    }
}

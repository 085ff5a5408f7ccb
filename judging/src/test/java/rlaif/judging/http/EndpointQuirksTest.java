package rlaif.judging.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rlaif.judging.ReadingMode;
import rlaif.judging.Reply;

/// Bodies of vLLM, llama.cpp's server, Ollama, OpenAI and gateways, written after their
/// documentation.
class EndpointQuirksTest {
    private static Reply read(ReadingMode mode, String name) {
        return Fixtures.read(mode, Fixtures.body(name));
    }

    @ParameterizedTest
    @CsvSource({
        "vllm-chat.json, 0.2, 1",
        "vllm-completion.json, 0.9, 1",
        "llamacpp-chat.json, 0.7, 1",
        "llamacpp-completion.json, 0.05, 1",
        "ollama-chat-logprobs.json, 0.98, 1",
        "openai-chat.json, 0.75, 1",
        "byte-tokens.json, 0.8, 1",
        "rounding-and-duplicates.json, 1, 1",
        "not-numbers.json, 1, 0.95"
    })
    void theVerdictIsReadWhateverTheServer(String name, double probability1, double coveredMass) {
        assertThat(read(ReadingMode.LOGPROBS, name))
                .isInstanceOfSatisfying(
                        Reply.Verdict.class,
                        verdict -> {
                            assertThat(verdict.probability1())
                                    .isCloseTo(probability1, within(1e-6));
                            assertThat(verdict.coveredMass()).isCloseTo(coveredMass, within(1e-6));
                        });
    }

    @Test
    void openAisFiveAlternativesWithTheSampledOneBeside() {
        Reply.Verdict verdict =
                (Reply.Verdict) read(ReadingMode.LOGPROBS, "openai-completion.json");
        double mass2 = 0.9 + 0.04;
        double mass1 = 0.04 + Math.exp(-8);
        assertThat(verdict.probability1()).isCloseTo(mass1 / (mass1 + mass2), within(1e-9));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vllm-chat-without-logprobs.json",
                "vllm-chat-no-alternatives.json",
                "llamacpp-completion-null-logprobs.json",
                "ollama-chat-ignored.json",
                "null-top-logprobs.json",
                "null-position.json",
                "wrong-types.json"
            })
    void logprobsThatAreMissingAreNeverMadeUpFromTheText(String name) {
        assertThat(read(ReadingMode.LOGPROBS, name))
                .isInstanceOfSatisfying(
                        Reply.Refused.class,
                        refused -> assertThat(refused.cause()).contains("no log-probabilities"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"vllm-chat-token-ids.json", "vllm-chat-reasoning.json"})
    void tokensThatAreNoLabelsMakeNoVerdict(String name) {
        assertThat(read(ReadingMode.LOGPROBS, name)).isInstanceOf(Reply.Unreadable.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ollama-chat-ignored.json", "gateway-content-parts.json"})
    void textIsReadWhereItIsAskedFor(String name) {
        assertThat(read(ReadingMode.GRAMMAR, name))
                .isInstanceOfSatisfying(
                        Reply.Verdict.class,
                        verdict -> assertThat(verdict.unclamped1()).hasValue(0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "openai-reasoning-used-up.json",
                "vllm-chat-reasoning.json",
                "wrong-types.json"
            })
    void reasoningThatUsesUpTheReplyIsNoVerdict(String name) {
        assertThat(read(ReadingMode.GRAMMAR, name)).isInstanceOf(Reply.Unreadable.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "empty-choices.json",
                "gateway-error-429.json",
                "gateway-error.html",
                "truncated.json"
            })
    void whatMayPassIsTriedAgain(String name) {
        for (ReadingMode mode : new ReadingMode[] {ReadingMode.LOGPROBS, ReadingMode.SAMPLING}) {
            assertThat(read(mode, name)).isInstanceOf(Reply.RetryLater.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"429, LOAD", "503, LOAD", "500, FAULT", "0, FAULT"})
    void anErrorInsideTheBodyIsWhatItsStatusWouldBe(int code, Reply.Obstacle obstacle) {
        String body = Fixtures.body("gateway-error-429.json").replace("429", String.valueOf(code));
        assertThat(Fixtures.read(ReadingMode.LOGPROBS, body))
                .isInstanceOfSatisfying(
                        Reply.RetryLater.class,
                        later -> assertThat(later.obstacle()).isEqualTo(obstacle));
    }

    @ParameterizedTest
    @CsvSource({
        "openai-content-filter.json, content filter",
        "gateway-error-400.json, context length exceeded"
    })
    void whatWillNotPassIsRefusedWithItsCause(String name, String cause) {
        assertThat(read(ReadingMode.LOGPROBS, name))
                .isInstanceOfSatisfying(
                        Reply.Refused.class,
                        refused -> assertThat(refused.cause()).contains(cause));
    }

    @Test
    void tokensAreCountedOnlyWhereTheServerCounts() {
        Reply.Verdict counted = (Reply.Verdict) read(ReadingMode.LOGPROBS, "vllm-chat.json");
        assertThat(counted.exchange().promptTokens()).hasValue(310);
        assertThat(counted.exchange().completionTokens()).hasValue(1);
        Reply.Verdict not = (Reply.Verdict) read(ReadingMode.LOGPROBS, "ollama-chat-logprobs.json");
        assertThat(not.exchange().promptTokens()).isEmpty();
    }

    @Test
    void jsonNestedWithoutEndIsNoReply() {
        String nested = "{\"choices\":" + "[".repeat(1_000_000);
        assertThat(Fixtures.read(ReadingMode.LOGPROBS, nested))
                .isInstanceOf(Reply.RetryLater.class);
    }
}

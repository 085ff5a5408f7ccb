package rlaif.judging.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import rlaif.judging.ReadingMode;
import rlaif.judging.Reply;

class VerdictReaderTest {
    private static Reply read(String topLogprobs) {
        return Fixtures.read(ReadingMode.LOGPROBS, ChatServer.chat(topLogprobs));
    }

    private static String token(String token, double probability) {
        return "{\"token\":\"%s\",\"logprob\":%s}".formatted(token, Math.log(probability));
    }

    @Test
    void surfaceVariantsOfALabelAreSummed() {
        Reply reply =
                read(
                        String.join(
                                ",",
                                token("1", 0.3),
                                token(" 1", 0.2),
                                token("\\n1", 0.05),
                                token("▁2", 0.25),
                                token("Ġ2", 0.15),
                                token("12", 0.05)));
        assertThat(reply)
                .isInstanceOfSatisfying(
                        Reply.Verdict.class,
                        verdict -> {
                            assertThat(verdict.coveredMass()).isCloseTo(0.95, within(1e-12));
                            assertThat(verdict.probability1())
                                    .isCloseTo(0.55 / 0.95, within(1e-12));
                        });
    }

    @Test
    void missingLogprobsCountAsNothing() {
        assertThat(
                        read(
                                token("1", 0.95)
                                        + ",{\"token\":\"2\",\"logprob\":-9999.0}"
                                        + ",{\"token\":\" 2\",\"logprob\":null}"
                                        + ",{\"token\":\"2 \",\"logprob\":\"NaN\"}"
                                        + ",{\"token\":null,\"logprob\":-0.1},{}"))
                .isInstanceOfSatisfying(
                        Reply.Verdict.class,
                        verdict -> assertThat(verdict.probability1()).isEqualTo(1));
    }

    @Test
    void labelsThatCoverLessThanNineTenthsAreUnreadable() {
        assertThat(read(token("1", 0.5) + "," + token("2", 0.39) + "," + token("The", 0.11)))
                .isInstanceOfSatisfying(
                        Reply.Unreadable.class,
                        unreadable ->
                                assertThat(unreadable.coveredMass())
                                        .isCloseTo(0.89, within(1e-12)));
        assertThat(read("{\"token\":\"1\",\"logprob\":-9999}"))
                .isInstanceOf(Reply.Unreadable.class);
    }

    @Test
    void theTextOfTheReplyDecidesNothing() {
        String body = ChatServer.chat(0.25).replace("\"content\":\"1\"", "\"content\":\"1 1 1\"");
        assertThat(Fixtures.read(ReadingMode.LOGPROBS, body))
                .isInstanceOfSatisfying(
                        Reply.Verdict.class,
                        verdict ->
                                assertThat(verdict.probability1()).isCloseTo(0.25, within(1e-12)));
    }

    @Test
    void aTokenListedTwiceCountsOnce() {
        assertThat(read(token("1", 0.6) + "," + token("1", 0.6) + "," + token("2", 0.4)))
                .isInstanceOfSatisfying(
                        Reply.Verdict.class,
                        verdict ->
                                assertThat(verdict.probability1()).isCloseTo(0.6, within(1e-12)));
    }

    @Test
    void anEndpointWithoutLogprobsIsRefusedByName() {
        String hidden = "{\"choices\":[{\"message\":{\"content\":\"1\"},\"logprobs\":null}]}";
        assertThat(Fixtures.read(ReadingMode.LOGPROBS, hidden))
                .isInstanceOfSatisfying(
                        Reply.Refused.class,
                        refused -> assertThat(refused.cause()).contains("top_logprobs"));
        String nothing = "{\"choices\":[{\"logprobs\":{\"content\":[{\"top_logprobs\":null}]}}]}";
        assertThat(Fixtures.read(ReadingMode.LOGPROBS, nothing)).isInstanceOf(Reply.Refused.class);
    }
}

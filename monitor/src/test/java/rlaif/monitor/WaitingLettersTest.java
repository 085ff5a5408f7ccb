package rlaif.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import rlaif.topics.DeadLetters;
import rlaif.topics.Topic;

class WaitingLettersTest {
    private final Tally tally = new Tally("chat");
    private final WaitingLetters letters = new WaitingLetters(tally);

    private void take(int partition, long offset, Map<String, String> headers) {
        var record = new ConsumerRecord<byte[], byte[]>("pairs.dlq", partition, offset, null, null);
        headers.forEach((name, value) ->
                record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        letters.take(Topic.PAIRS, record);
    }

    private void letter(int partition, long offset, String code) {
        take(partition, offset, Map.of(DeadLetters.CODE_HEADER, code));
    }

    private void mark(int partition, long offset, String mark, long replaced, String code) {
        take(
                partition,
                offset,
                Map.of(
                        DeadLetters.MARK_HEADER,
                        mark,
                        DeadLetters.REPLACES_HEADER,
                        Long.toString(replaced),
                        DeadLetters.CODE_HEADER,
                        code));
    }

    @Test
    void aLetterThatWasSentBackWaitsNoMoreAndTheNextOfItsRecordDoes() {
        for (int offset = 0; offset < 11; offset++) {
            letter(offset % 2, offset, "JUDGE_UNAVAILABLE");
        }
        letter(0, 20, "TOO_LONG");
        for (int offset = 0; offset < 11; offset++) {
            mark(offset % 2, 100 + offset, "retried", offset, "JUDGE_UNAVAILABLE");
        }
        assertThat(tally.snapshot(0).deadLetters())
                .isEqualTo(Map.of(Topic.PAIRS, Map.of("TOO_LONG", 1L)));

        letter(0, 200, "JUDGE_UNAVAILABLE");
        assertThat(tally.snapshot(0).deadLetterCount()).isEqualTo(2);
        mark(0, 201, "retried", 20, "TOO_LONG");
        mark(0, 202, "retried", 200, "JUDGE_UNAVAILABLE");
        assertThat(tally.snapshot(0).deadLetters()).isEmpty();
    }

    @Test
    void aPurgedLetterWaitsNoMoreWhetherItIsStillReadOrNot() {
        letter(0, 5, "TOO_LONG");
        mark(0, 6, "purged", 3, "TOO_LONG"); // deleted before anything was read
        assertThat(tally.snapshot(0).deadLetterCount()).isEqualTo(1);
        mark(0, 7, "purged", 5, "TOO_LONG");
        assertThat(tally.snapshot(0).deadLetterCount()).isZero();

        letter(0, 8, "TOO_LONG");
        mark(0, 9, "purged", 7, "TOO_LONG"); // the account of an account
        assertThat(tally.snapshot(0).deadLetterCount()).isEqualTo(1);
    }
}

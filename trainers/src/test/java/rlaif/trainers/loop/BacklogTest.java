package rlaif.trainers.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import rlaif.topics.UnreadableRecordException;

/// Batches, cut from what has arrived.
class BacklogTest {
    private static final Shortage NONE_MAY_BE_SHORT = shortage(false, false);
    private static final Shortage ALL_MAY_BE_SHORT = shortage(true, false);
    private static final Shortage ALL_MAY_BE_CUT = shortage(true, true);

    private final Backlog<String, String> backlog =
            new Backlog<>(new Words(), new TreeSet<>(List.of(0, 1)), false);

    @Test
    void everyPartitionGivesTheSameShareInItsOwnOrder() {
        arrive(1, "x", "y", "z");
        arrive(0, "a", "b", "c");
        Batch<String> batch = backlog.take(4, NONE_MAY_BE_SHORT).orElseThrow();
        assertThat(batch.examples()).containsExactly("a", "b", "x", "y");
        assertThat(batch.consumed())
                .containsExactly(
                        entry(0, new Batch.Offsets(0, 2)), entry(1, new Batch.Offsets(0, 2)));
    }

    @Test
    void whatDoesNotDivideGoesToTheFirstPartitions() {
        arrive(0, "a", "b", "c");
        arrive(1, "x", "y", "z");
        assertThat(backlog.take(3, NONE_MAY_BE_SHORT).orElseThrow().examples())
                .containsExactly("a", "b", "x");
    }

    @Test
    void aShortPartitionIsWaitedFor() {
        arrive(0, "a", "b", "c", "d", "e");
        arrive(1, "x");
        assertThat(backlog.take(4, NONE_MAY_BE_SHORT)).isEmpty();
        arrive(1, "y");
        assertThat(backlog.take(4, NONE_MAY_BE_SHORT).orElseThrow().examples())
                .containsExactly("a", "b", "x", "y");
    }

    @Test
    void whatIsWaitedForWhileOthersHoldABatchIsKnown() {
        arrive(0, "a", "b", "c");
        assertThat(backlog.awaited(4, NONE_MAY_BE_SHORT)).as("three are no batch").isEmpty();
        arrive(0, "d");
        assertThat(backlog.awaited(4, NONE_MAY_BE_SHORT)).containsExactly(1);
        assertThat(backlog.awaited(4, ALL_MAY_BE_SHORT)).isEmpty();
        arrive(1, "x", "y");
        assertThat(backlog.awaited(4, NONE_MAY_BE_SHORT)).isEmpty();
        assertThat(backlog.take(4, NONE_MAY_BE_SHORT).orElseThrow().examples())
                .containsExactly("a", "b", "x", "y");
    }

    @Test
    void othersFillUpForAPartitionThatMayBeShort() {
        arrive(0, "a", "b", "c", "d", "e");
        arrive(1, "x");
        assertThat(backlog.take(4, ALL_MAY_BE_SHORT).orElseThrow().examples())
                .containsExactly("a", "b", "c", "x");
    }

    @Test
    void tooFewAltogetherIsNoBatch() {
        arrive(0, "a", "b");
        arrive(1, "x");
        assertThat(backlog.take(4, ALL_MAY_BE_SHORT)).isEmpty();
        assertThat(backlog.size(0)).isEqualTo(2);
    }

    @Test
    void aGroupIsTakenWhole() {
        arrive(0, "g1/3/a", "g1/3/b", "g1/3/c", "g2/3/d");
        arrive(1, "h1/3/x", "h1/3/y");
        assertThat(backlog.take(2, ALL_MAY_BE_SHORT)).isEmpty();
        arrive(1, "h1/3/z");
        assertThat(backlog.take(2, NONE_MAY_BE_SHORT).orElseThrow().examples())
                .containsExactly("a", "b", "c", "x", "y", "z");
        assertThat(backlog.size(0)).isEqualTo(1);
    }

    @Test
    void aGroupWithAHoleEndsWhereTheNextBegins() {
        arrive(0, "g1/3/a", "g1/3/b", "g2/3/c");
        arrive(1, "h1/1/x");
        assertThat(backlog.take(2, NONE_MAY_BE_SHORT).orElseThrow().examples())
                .containsExactly("a", "b", "x");
    }

    @Test
    void theLastGroupIsTakenWithAHoleOnceItMayBeCut() {
        arrive(0, "g1/3/a", "g1/3/b");
        arrive(1, "h1/1/x");
        assertThat(backlog.take(2, ALL_MAY_BE_SHORT)).isEmpty();
        assertThat(backlog.take(2, ALL_MAY_BE_CUT).orElseThrow().examples())
                .containsExactly("a", "b", "x");
    }

    @Test
    void whatCannotBeTrainedOnIsConsumedAndCountedAndTakesNoShare() {
        arrive(0, "stale", "g1/2/refused", "g1/2/a", "unreadable");
        arrive(1, "held", "x");
        Batch<String> batch = backlog.take(2, NONE_MAY_BE_SHORT).orElseThrow();
        assertThat(batch.examples()).containsExactly("a", "x");
        assertThat(batch.heldOut()).containsExactly("held");
        assertThat(batch.dropped())
                .containsOnly(entry("STALE", 1L), entry("BROKEN", 1L), entry(Batch.HELD_OUT, 1L));
        assertThat(batch.refused()).hasSize(1);
        assertThat(batch.consumed().get(0)).isEqualTo(new Batch.Offsets(0, 3));
        assertThat(backlog.size(0)).as("what follows the last unit waits").isEqualTo(1);
    }

    @Test
    void whatComesFirstAndHoldsNothingIsPassedOverOnceItWouldFillABatch() {
        arrive(0, "stale", "g1/2/refused", "g1/2/stale", "g2/2/stale");
        arrive(1, "x", "stale", "stale");
        assertThat(backlog.passOver(4, NONE_MAY_BE_SHORT))
                .as("three records, and a group that is not all there")
                .isEmpty();
        assertThat(backlog.size(0)).isEqualTo(4);
        arrive(0, "g2/2/refused", "a");
        Batch<String> passedOver = backlog.passOver(4, NONE_MAY_BE_SHORT).orElseThrow();
        assertThat(passedOver.examples()).isEmpty();
        assertThat(passedOver.refused()).hasSize(2);
        assertThat(passedOver.dropped()).containsOnly(entry("STALE", 3L), entry("BROKEN", 2L));
        assertThat(passedOver.consumed()).containsExactly(entry(0, new Batch.Offsets(0, 5)));
    }

    @Test
    void whatIsHeldOutIsNotPassedOver() {
        arrive(0, "stale", "stale", "held", "stale");
        assertThat(backlog.passOver(2, NONE_MAY_BE_SHORT).orElseThrow().consumed())
                .containsExactly(entry(0, new Batch.Offsets(0, 2)));
        assertThat(backlog.passOver(1, NONE_MAY_BE_SHORT)).isEmpty();
    }

    @Test
    void aBatchIsTheSameWhetherRecordsBeforeItWerePassedOverOrNot() {
        String[] first = {"stale", "refused", "stale", "a", "stale", "b"};
        String[] second = {"stale", "x", "y"};
        arrive(0, first);
        arrive(1, second);
        Batch<String> atOnce = backlog.take(3, NONE_MAY_BE_SHORT).orElseThrow();

        Backlog<String, String> passing =
                new Backlog<>(new Words(), new TreeSet<>(List.of(0, 1)), false);
        for (int offset = 0; offset < first.length; offset++) {
            passing.add(0, Arrival.of(record(0, offset, first[offset]), new Words()));
        }
        for (int offset = 0; offset < second.length; offset++) {
            passing.add(1, Arrival.of(record(1, offset, second[offset]), new Words()));
        }
        assertThat(passing.passOver(3, NONE_MAY_BE_SHORT)).isPresent();
        Batch<String> after = passing.take(3, NONE_MAY_BE_SHORT).orElseThrow();
        assertThat(after.examples()).isEqualTo(atOnce.examples());
        assertThat(after.consumed().values())
                .extracting(Batch.Offsets::to)
                .isEqualTo(atOnce.consumed().values().stream().map(Batch.Offsets::to).toList());
    }

    @Test
    void bytesThatAreNoRecordAreRefused() {
        arrive(0, "unreadable", "a");
        arrive(1, "x");
        Batch<String> batch = backlog.take(2, NONE_MAY_BE_SHORT).orElseThrow();
        assertThat(batch.refused().getFirst().refusal().code()).isEqualTo(Refusal.UNREADABLE);
        assertThat(batch.refused().getFirst().source().offset()).isZero();
    }

    @Test
    void batchesOfALogDoNotDependOnHowItArrives() {
        List<List<String>> expected = batchesArrivingInOrderOf(new Random(0));
        for (long seed = 1; seed <= 20; seed++) {
            assertThat(batchesArrivingInOrderOf(new Random(seed))).isEqualTo(expected);
        }
    }

    @Test
    void whatALaterRecordOfTheBatchTakesThePlaceOfIsDroppedAndCountedAndTakesNoShare() {
        arrive(0, "a", "b", "c", "d>b");
        arrive(1, "x", "y>x");
        assertThat(backlog.take(4, NONE_MAY_BE_SHORT)).as("y alone is left of two").isEmpty();
        arrive(1, "z");
        Batch<String> batch = backlog.take(4, NONE_MAY_BE_SHORT).orElseThrow();
        assertThat(batch.examples())
                .as("b is learned from, since what takes its place lies beyond the batch")
                .containsExactly("a", "b", "y>x", "z");
        assertThat(batch.dropped()).containsOnly(entry(Batch.SUPERSEDED, 1L));
        assertThat(batch.consumed().get(1)).isEqualTo(new Batch.Offsets(0, 3));
    }

    @Test
    void aBacklogThatLooksAheadDropsWhatAnyPolledRecordTakesThePlaceOf() {
        Backlog<String, String> ahead = new Backlog<>(new Words(), new TreeSet<>(List.of(0)), true);
        int offset = 0;
        for (String word : List.of("a", "held", "b", "c", "d>a", "e>held", "f>d")) {
            ahead.add(0, Arrival.of(record(0, offset++, word), new Words()));
        }
        Batch<String> batch = ahead.take(2, NONE_MAY_BE_SHORT).orElseThrow();
        assertThat(batch.examples()).containsExactly("b", "c");
        assertThat(batch.heldOut()).isEmpty();
        assertThat(batch.dropped()).containsOnly(entry(Batch.SUPERSEDED, 2L));
        assertThat(ahead.units(0, 9)).as("d is superseded too").isEqualTo(2);
    }

    @Test
    void batchesOfALogWithSuccessorsDoNotDependOnHowFarItHasBeenPolled() {
        Random words = new Random(4);
        List<String> log = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            log.add(
                    i > 5 && words.nextInt(3) == 0
                            ? i + ">" + (i - 1 - words.nextInt(5))
                            : Integer.toString(i));
        }
        List<List<String>> expected = batches(log, 1);
        for (int atOnce : List.of(2, 8, 50, 200)) {
            assertThat(batches(log, atOnce)).isEqualTo(expected);
        }
    }

    /// Polled so many records at a time.
    private static List<List<String>> batches(List<String> log, int atOnce) {
        Backlog<String, String> backlog =
                new Backlog<>(new Words(), new TreeSet<>(List.of(0)), false);
        List<List<String>> batches = new ArrayList<>();
        for (int offset = 0; offset < log.size(); offset++) {
            backlog.add(0, Arrival.of(record(0, offset, log.get(offset)), new Words()));
            if (offset % atOnce == atOnce - 1) {
                Optional<Batch<String>> batch = backlog.take(8, NONE_MAY_BE_SHORT);
                while (batch.isPresent()) {
                    batches.add(batch.get().examples());
                    batch = backlog.take(8, NONE_MAY_BE_SHORT);
                }
            }
        }
        return batches;
    }

    private static List<List<String>> batchesArrivingInOrderOf(Random order) {
        Backlog<String, String> backlog =
                new Backlog<>(new Words(), new TreeSet<>(List.of(0, 1, 2)), false);
        int[] arrived = new int[3];
        List<List<String>> batches = new ArrayList<>();
        while (arrived[0] + arrived[1] + arrived[2] < 120) {
            int partition = order.nextInt(3);
            if (arrived[partition] == 40) {
                continue;
            }
            int offset = arrived[partition]++;
            String value =
                    offset % 7 == 3
                            ? "stale"
                            : "p%d-%d/2/%d.%d".formatted(partition, offset / 2, partition, offset);
            backlog.add(partition, Arrival.of(record(partition, offset, value), new Words()));
            backlog.take(6, NONE_MAY_BE_SHORT).ifPresent(batch -> batches.add(batch.examples()));
        }
        return batches;
    }

    private void arrive(int partition, String... values) {
        for (String value : values) {
            int offset = nextOffset[partition]++;
            backlog.add(partition, Arrival.of(record(partition, offset, value), new Words()));
        }
    }

    private final int[] nextOffset = new int[2];

    private static ConsumerRecord<byte[], byte[]> record(int partition, long offset, String value) {
        return new ConsumerRecord<>(
                "words", partition, offset, new byte[0], value.getBytes(StandardCharsets.UTF_8));
    }

    private static Shortage shortage(boolean mayBeShort, boolean mayBeCut) {
        return new Shortage() {
            @Override
            public boolean mayBeShort(int partition) {
                return mayBeShort;
            }

            @Override
            public boolean mayBeCut(int partition) {
                return mayBeCut;
            }
        };
    }

    /// Words, `word>word` that takes the place of the one behind the mark, or `group/size/word`;
    /// some words stand for what becomes of them.
    private static final class Words implements Intake<String, String> {
        @Override
        public String read(byte[] value) {
            String word = new String(value, StandardCharsets.UTF_8);
            if (word.equals("unreadable")) {
                throw new UnreadableRecordException("no word");
            }
            return word;
        }

        @Override
        public Optional<Group> group(String event) {
            String[] parts = event.split("/", -1);
            return parts.length == 1
                    ? Optional.empty()
                    : Optional.of(new Group(parts[0], Integer.parseInt(parts[1])));
        }

        @Override
        public Optional<Succession> succession(String event) {
            String[] words = event.split(">", -1);
            return Optional.of(new Succession(words[0], words.length == 1 ? "" : words[1]));
        }

        @Override
        public Admission<String> admit(String event) {
            String word = event.substring(event.lastIndexOf('/') + 1);
            return switch (word) {
                case "stale" -> new Admission.Dropped<>("STALE");
                case "held" -> new Admission.HeldOut<>(word);
                case "refused" -> new Admission.Refused<>(new Refusal("BROKEN", "no reason"));
                default -> new Admission.Accepted<>(word);
            };
        }
    }
}

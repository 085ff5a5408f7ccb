package rlaif.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import rlaif.topics.DeadLetter;

/// Dead letters counted by topic, stage and code.
final class LetterTable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<Row, Count> rows =
            new TreeMap<>(
                    Comparator.comparing((Row row) -> row.topic())
                            .thenComparing(Row::stage)
                            .thenComparing(Row::code));

    private record Row(String topic, String stage, String code) {
        static Row of(DeadLetter letter) {
            return new Row(letter.source().shortName(), letter.stage(), letter.code());
        }
    }

    private static final class Count {
        private long waiting;
        private long purged;
        private long retried;
        private Instant oldest = Instant.MAX;
        private Instant newest = Instant.MIN;
    }

    void add(DeadLetter letter) {
        Count count = rows.computeIfAbsent(Row.of(letter), _ -> new Count());
        if (letter.isPurged()) {
            count.purged++;
            return;
        }
        count.waiting++;
        count.oldest = letter.time().isBefore(count.oldest) ? letter.time() : count.oldest;
        count.newest = letter.time().isAfter(count.newest) ? letter.time() : count.newest;
    }

    void addRetried(DeadLetter mark) {
        rows.computeIfAbsent(Row.of(mark), _ -> new Count()).retried++;
    }

    void print(PrintWriter out) {
        String line = "%-18s %-18s %-22s %8s %8s %8s %10s %10s%n";
        out.printf(
                line, "topic", "stage", "code", "waiting", "retried", "purged", "oldest", "newest");
        Instant now = Instant.now();
        rows.forEach((row, count) ->
                out.printf(
                        line,
                        row.topic(),
                        Printable.of(row.stage()),
                        Printable.of(row.code()),
                        count.waiting,
                        count.retried,
                        count.purged,
                        count.waiting == 0 ? "" : age(count.oldest, now),
                        count.waiting == 0 ? "" : age(count.newest, now)));
        long waiting = rows.values().stream().mapToLong(count -> count.waiting).sum();
        out.println(waiting == 0 ? "no dead letter waits" : waiting + " dead letters wait");
    }

    void printJson(PrintWriter out) {
        Instant now = Instant.now();
        rows.forEach((row, count) -> {
            ObjectNode json =
                    JSON.createObjectNode()
                            .put("topic", row.topic())
                            .put("stage", row.stage())
                            .put("code", row.code())
                            .put("waiting", count.waiting)
                            .put("retried", count.retried)
                            .put("purged", count.purged);
            if (count.waiting > 0) {
                json.put("oldestSeconds", Duration.between(count.oldest, now).toSeconds());
                json.put("newestSeconds", Duration.between(count.newest, now).toSeconds());
            } else {
                json.putNull("oldestSeconds").putNull("newestSeconds");
            }
            out.println(json);
        });
    }

    static String age(Instant time, Instant now) {
        long seconds = Math.max(0, Duration.between(time, now).toSeconds());
        if (seconds < 120) {
            return seconds + " s";
        }
        if (seconds < 7_200) {
            return seconds / 60 + " min";
        }
        return seconds < 172_800 ? seconds / 3_600 + " h" : seconds / 86_400 + " d";
    }
}

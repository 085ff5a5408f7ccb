package rlaif.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import rlaif.topics.DeadLetter;
import rlaif.topics.DeadLetterDesk;
import rlaif.topics.DeadLetterLog;
import rlaif.topics.Topic;

/// Deletes dead letters for good, each partition's up to one of them.
@Command(
        name = "purge",
        mixinStandardHelpOptions = true,
        description = {
            "Delete dead letters for good: a topic's oldest, or all of a partition up to a letter.",
            "A letter whose record is still in its topic leaves its account, without payload, for the audit."
        })
final class DlqPurgeCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin private CommonOptions common = new CommonOptions();

    @Parameters(
            arity = "0..*",
            paramLabel = "LETTER",
            description = "Up to and with this one, in its partition.")
    private List<String> letters = List.of();

    @Option(names = "--topic", paramLabel = "NAME", description = "Letters of this topic.")
    private @Nullable String topic;

    @Option(
            names = "--older",
            paramLabel = "AGE|TIME",
            description = "With --topic: up to the first that is younger; 14d, 2h or a time.")
    private @Nullable String older;

    @Option(names = "--yes", description = "Do it.")
    private boolean yes;

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<DeadLetter.Place> ends = new ArrayList<>(LetterPlaces.of(letters));
        if (ends.isEmpty() == (topic == null)) {
            throw new ParameterException(
                    spec.parent().commandLine(), // its help has examples
                    "say what: letters to delete up to, or --topic");
        }
        Instant before = older == null ? Instant.MAX : LetterFilter.instant(older, "--older");
        Progress progress = new Progress(spec.commandLine().getErr());
        try (Deployment deployment =
                Deployment.look(common.configuration(), common.verbose, progress)) {
            if (topic != null) {
                ends.addAll(oldest(deployment, LetterFilter.topic(topic), before));
            }
            long there = there(deployment, ends);
            if (!yes) {
                PrintWriter err = spec.commandLine().getErr();
                err.println(there + " dead letters would be deleted for good: say --yes to do it");
                err.flush();
                return there == 0 ? ExitCode.OK : ExitCode.USAGE;
            }
            purge(new DeadLetterDesk(deployment.connection()), ends);
            return ExitCode.OK;
        }
    }

    /// The last letter of each partition before which all are older than that.
    private static Collection<DeadLetter.Place> oldest(
            Deployment deployment, Topic topic, Instant before) {
        Map<Integer, DeadLetter.Place> last = new HashMap<>();
        Set<Integer> younger = new HashSet<>();
        try (DeadLetterLog log = new DeadLetterLog(deployment.connection())) {
            log.read(
                    List.of(topic),
                    letter -> {
                        int partition = letter.place().partition();
                        if (letter.time().isAfter(before)) {
                            younger.add(partition);
                        } else if (!younger.contains(partition) && !letter.isPurged()) {
                            last.put(partition, letter.place());
                        }
                    },
                    _ -> {});
        }
        return last.values();
    }

    private static long there(Deployment deployment, List<DeadLetter.Place> ends) {
        long[] count = {0};
        try (DeadLetterLog log = new DeadLetterLog(deployment.connection())) {
            log.read(
                    LetterPlaces.topics(ends),
                    letter -> {
                        boolean within =
                                ends.stream()
                                        .anyMatch(end ->
                                                end.source() == letter.source()
                                                        && end.partition()
                                                                == letter.place().partition()
                                                        && end.offset() >= letter.place().offset());
                        count[0] += within ? 1 : 0;
                    },
                    _ -> {});
        }
        return count[0];
    }

    private void purge(DeadLetterDesk desk, List<DeadLetter.Place> ends) {
        long deleted = 0;
        long kept = 0;
        for (DeadLetter.Place end : ends) {
            DeadLetterDesk.Result result = desk.purge(end.source(), end.partition(), end.offset());
            deleted += result.done();
            kept += result.left();
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JSON.createObjectNode().put("deleted", deleted).put("accounts", kept));
        } else {
            out.println(deleted + " dead letters deleted, the account of " + kept + " kept");
        }
        out.flush();
    }
}

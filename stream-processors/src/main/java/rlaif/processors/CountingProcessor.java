package rlaif.processors;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import rlaif.events.LabelStats;
import rlaif.topics.Codec;
import rlaif.topics.Codecs;
import rlaif.topics.Topic;

/// Observations in, statistics of each group and window out: again and again while a window is
/// open, and once, marked closed, when event time has passed its end and the grace.
///
/// Event time is the least that the partitions of the judgments have come to ({@link StreamTime});
/// one from which nothing came for as long as the grace holds no window open, and where none came
/// at all the clock takes its place, so that the last windows close too. A judgment whose window is
/// closed is counted as late in its group's present window, and nowhere else.
///
/// A task that begins tells every window that is open: what its former life counted last may be
/// told by nobody, and of what is told again the same is said.
final class CountingProcessor extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
    static final String NAME = "counting";
    static final String STORE = "counting-windows";

    private final Codec<LabelStats> stats;
    private final LabelStatsSettings settings;
    private final UntoldTasks untold;
    private final Set<OpenWindows.Open> changed = new HashSet<>();
    private final int sources;
    private @Nullable OpenWindows windows;

    /// @param sources partitions of the judgments, at least 1
    CountingProcessor(Codecs codecs, LabelStatsSettings settings, int sources, UntoldTasks untold) {
        this.stats = codecs.codec(Topic.LABEL_STATS);
        this.settings = settings;
        this.sources = sources;
        this.untold = untold;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> opened) {
        super.init(opened);
        windows =
                new OpenWindows(
                        opened.getStateStore(STORE),
                        sources,
                        settings.grace(),
                        opened.currentSystemTimeMs());
        changed.clear();
        changed.addAll(windows.all());
        if (!changed.isEmpty()) {
            untold.counted(opened.taskId());
        }
        opened.schedule(settings.emit(), PunctuationType.WALL_CLOCK_TIME, this::tell);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        LabelObservation observation = LabelObservation.of(record.value());
        windows()
                .came(
                        ObservedPartition.of(record.headers()),
                        record.timestamp(),
                        context().currentSystemTimeMs());
        closeWhatIsOver();
        WindowTime time = WindowTime.of(record.timestamp(), settings.window());
        boolean late = time.isOver(windows().streamMillis(), settings.grace());
        OpenWindows.Open open =
                windows()
                        .open(
                                observation.group(),
                                late
                                        ? WindowTime.of(windows().streamMillis(), settings.window())
                                        : time);
        if (late && observation instanceof LabelObservation.Judged) {
            open.window().addLate();
        } else {
            open.window().add(observation);
        }
        windows().put(open);
        changed.add(open);
        untold.counted(context().taskId());
    }

    @Override
    public void close() {
        untold.told(context().taskId());
    }

    private void tell(long nowMillis) {
        windows().advance(nowMillis);
        closeWhatIsOver();
        changed.forEach(open -> forward(open, false));
        changed.clear();
        untold.told(context().taskId());
    }

    private void closeWhatIsOver() {
        long streamMillis = windows().streamMillis();
        long length = settings.window().toMillis();
        if (!windows().anyBefore(streamMillis - settings.grace().toMillis() - length + 1)) {
            return;
        }
        for (OpenWindows.Open open : windows().all()) {
            if (open.time().isOver(streamMillis, settings.grace())) {
                forward(open, true);
                addToReference(open);
                windows().remove(open);
                changed.remove(open);
            }
        }
    }

    private void forward(OpenWindows.Open open, boolean closed) {
        long[] reference = windows().reference(open.group().lane());
        LabelStats record =
                open.window()
                        .record(
                                open.group(),
                                open.time(),
                                closed,
                                isWhole(reference) ? reference : null,
                                settings.canaryLimit());
        context()
                .forward(
                        new Record<>(
                                open.group().key().getBytes(StandardCharsets.UTF_8),
                                stats.encode(record),
                                Math.min(
                                        open.time().endMillis(), context().currentSystemTimeMs())));
    }

    /// The first closed windows of a judge under a principle, until there are enough judgments.
    private void addToReference(OpenWindows.Open open) {
        String lane = open.group().lane();
        long[] reference = windows().reference(lane);
        if (isWhole(reference)) {
            return;
        }
        long[] sum = open.window().probabilities();
        if (reference != null) {
            Arrays.setAll(sum, bin -> sum[bin] + reference[bin]);
        }
        windows().putReference(lane, sum);
    }

    private boolean isWhole(long @Nullable [] reference) {
        return reference != null && Arrays.stream(reference).sum() >= settings.referenceJudgments();
    }

    private OpenWindows windows() {
        return Objects.requireNonNull(windows, "not initialised");
    }
}

package rlaif.processors;

import java.util.List;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Topic;

/// The wiring of `rlaif-label-stats`: judgments and people's labels -> observations, by judge and
/// principle -> statistics.
final class LabelStatsTopology {
    static final List<Topic> SOURCES = List.of(Topic.JUDGMENTS, Topic.HUMAN_LABELS);

    private static final String BY_JUDGE = "observations-by-judge";

    private LabelStatsTopology() {}

    /// The topic between the halves.
    static String observations(String applicationId) {
        return applicationId + "-" + BY_JUDGE + "-repartition";
    }

    /// Prompts spread judgments over all partitions; a topic of its own brings together what is
    /// counted together.
    ///
    /// @param sources partitions that the judgments are spread over, at least 1
    static Topology of(
            Connection connection,
            Codecs codecs,
            LabelStatsSettings settings,
            int sources,
            UntoldTasks untold) {
        Serde<byte[]> bytes = Serdes.ByteArray();
        StreamsBuilder builder = new StreamsBuilder();
        builder.addStateStore(ObservedPairs.named(ObservingProcessor.STORE, settings.joined()));
        builder.addStateStore(OpenWindows.named(CountingProcessor.STORE));
        builder.stream(
                        SOURCES.stream().map(connection::name).toList(),
                        Consumed.with(bytes, bytes)
                                .withName("labels-in")
                                .withOffsetResetPolicy(AutoOffsetReset.none()))
                .process(
                        () -> new ObservingProcessor(connection, codecs, settings.joined()),
                        Named.as(ObservingProcessor.NAME),
                        ObservingProcessor.STORE)
                .filter((_, _) -> true, Named.as(ObservingProcessor.OBSERVATIONS))
                .repartition(Repartitioned.with(bytes, bytes).withName(BY_JUDGE))
                .process(
                        () -> new CountingProcessor(codecs, settings, sources, untold),
                        Named.as(CountingProcessor.NAME),
                        CountingProcessor.STORE)
                .to(
                        connection.name(Topic.LABEL_STATS),
                        Produced.with(bytes, bytes).withName("label-stats-out"));
        Topology topology = builder.build();
        Wiring.sink(
                topology,
                ObservingProcessor.REFUSED_JUDGMENTS,
                connection.deadLetters(Topic.JUDGMENTS),
                ObservingProcessor.NAME);
        Wiring.sink(
                topology,
                ObservingProcessor.REFUSED_LABELS,
                connection.deadLetters(Topic.HUMAN_LABELS),
                ObservingProcessor.NAME);
        return topology;
    }
}

package rlaif.processors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.Topology;
import rlaif.events.Rollout;
import rlaif.judging.Attack;
import rlaif.judging.AttackSource;
import rlaif.judging.JudgeCalls;
import rlaif.judging.PairJudging;
import rlaif.judging.Reply;
import rlaif.judging.Retries;
import rlaif.judging.limits.Breaker;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Topic;

/// The pairing and judging stages in Kafka's test driver, with the judge, constitutions and attacks
/// that a test gives them.
final class TestJudging {
    static final Duration TIMEOUT = Duration.ofMinutes(10);
    private static final Retries QUICK =
            new Retries(2, Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofSeconds(1));

    final AttackSource attacks =
            pairId ->
                    new AttackSource.Trial(
                            new Attack("a1", "flattery", "good one"), "why?", "because");
    final Queue<String> notices = new ConcurrentLinkedQueue<>();
    final Intake intake = new Intake();
    final FixedConstitutions constitutions = new FixedConstitutions();
    SwitchedJudge judge = SwitchedJudge.open();
    private final Path folder;

    TestJudging(Path folder) {
        this.folder = folder;
    }

    JudgeStage.Settings settings(int pairsPerGroup, int maxInFlight) {
        return new JudgeStage.Settings(
                Set.of(JudgeStage.Part.PAIRING, JudgeStage.Part.JUDGING),
                new PairingSettings(pairsPerGroup, TIMEOUT),
                new JudgingSettings(
                        "nine-rules", 7, new PairJudging.Settings(maxInFlight, false, QUICK), 0),
                StreamsSettings.in(folder));
    }

    /// The settings of the other tests with these ways to judge.
    JudgeStage.Settings settings(
            PairJudging.Settings pairs,
            JudgingSettings.Principles principles,
            JudgingSettings.Canaries canaries) {
        return new JudgeStage.Settings(
                Set.of(JudgeStage.Part.PAIRING, JudgeStage.Part.JUDGING),
                new PairingSettings(0, TIMEOUT),
                new JudgingSettings("nine-rules", 7, pairs, 0).with(principles, canaries),
                StreamsSettings.in(folder));
    }

    JudgeStage.Settings settings(PairJudging.Settings pairs) {
        return settings(pairs, JudgingSettings.Principles.DRAWN, JudgingSettings.Canaries.NONE);
    }

    static PairJudging.Settings quick() {
        return new PairJudging.Settings(8, false, QUICK);
    }

    static JudgeCalls.Settings quickCalls() {
        return quick().calls()
                .withBreaker(
                        new Breaker.Settings(
                                5,
                                Duration.ofMillis(20),
                                20,
                                Duration.ofMillis(10),
                                Duration.ofMillis(40)));
    }

    TestStream open(JudgeStage.Settings settings) throws IOException {
        return new TestStream(
                folder, (connection, codecs) -> topology(connection, codecs, settings));
    }

    TestStream open() throws IOException {
        return open(settings(0, 8));
    }

    Topology topology(Connection connection, Codecs codecs, JudgeStage.Settings settings) {
        return JudgeTopology.of(
                connection,
                codecs,
                new JudgmentSource(connection, codecs),
                judge,
                settings.judging().watched(judge, attacks, notices::add),
                constitutions,
                intake,
                settings);
    }

    static void pipe(TestStream stream, List<Rollout> group) {
        group.forEach(rollout -> stream.pipe(Topic.ROLLOUTS, rollout.getPromptId(), rollout));
    }

    static String refusedTopic(TestStream stream, Topic topic) {
        return stream.connection.deadLetters(topic);
    }

    boolean isHeld(TestStream stream) {
        return intake.holds(new TopicPartition(stream.connection.name(Topic.PAIRS), 0));
    }

    void awaitNotice(TestStream stream, String part) throws InterruptedException {
        long deadline = System.nanoTime() + TestStream.LONGEST_WAIT.toNanos();
        while (notices.stream().noneMatch(line -> line.contains(part))) {
            assertThat(System.nanoTime())
                    .as("no notice of '%s': %s", part, notices)
                    .isLessThan(deadline);
            stream.advance(Duration.ofMillis(20));
            Thread.sleep(1);
        }
        stream.advance(Duration.ofMillis(20));
    }

    static Reply verdict(double probability1) {
        return new Reply.Verdict(probability1, 1, Reply.Exchange.none());
    }
}

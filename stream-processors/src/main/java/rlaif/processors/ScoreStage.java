package rlaif.processors;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.models.CheckpointStore;
import rlaif.topics.CheckpointFollower;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;

/// The application `rlaif-score`: waits for the first reward model of its policy, then scores
/// rollouts with the newest one.
public final class ScoreStage implements AutoCloseable {
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(200);

    /// Longest scoring of one batch; a transaction must outlast it.
    private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(60);

    /// How it runs.
    ///
    /// @param policy policy whose reward model scores
    /// @param tensorThreads threads of one computation, at least 1
    /// @param maxTokens that are in memory at once, padding included; 0: as {@link
    ///   rlaif.models.LastTokenScores} cuts them
    public record Settings(
            String policy,
            int tensorThreads,
            int maxTokens,
            ScoringSettings scoring,
            StreamsSettings streams) {
        public Settings {
            if (policy.isBlank() || tensorThreads < 1) {
                throw new IllegalArgumentException(
                        "scoring needs a policy name and at least 1 tensor thread, got '%s' and %d"
                                .formatted(policy, tensorThreads));
            }
        }
    }

    private final Connection connection;
    private final Codecs codecs;
    private final CheckpointStore store;
    private final Settings settings;
    private final StreamsApplication application;
    private final CountDownLatch closed = new CountDownLatch(1);

    public ScoreStage(
            Connection connection, Codecs codecs, CheckpointStore store, Settings settings) {
        this.connection = connection;
        this.codecs = codecs;
        this.store = store;
        this.settings = settings;
        this.application =
                new StreamsApplication(
                        connection,
                        connection.group("score"),
                        settings.streams(),
                        Map.of(
                                "producer.transaction.timeout.ms",
                                Math.toIntExact(TRANSACTION_TIMEOUT.toMillis())));
    }

    /// Blocks until closed, first on the announcement of a reward model.
    public void run() {
        try (var announcements = new CheckpointFollower(connection, codecs)) {
            Optional<Checkpoint> first = awaitFirst(announcements);
            if (first.isEmpty()) {
                return;
            }
            ScoreFrom.ensure(connection, connection.group("score"), first.get());
            try (var models =
                    new NewestRewardModel(
                            () -> newestFirst(announcements),
                            LOOK_INTERVAL,
                            store,
                            settings.tensorThreads(),
                            settings.maxTokens())) {
                application.run(ScoreTopology.of(connection, codecs, models, settings.scoring()));
            }
        }
    }

    private List<Checkpoint> newestFirst(CheckpointFollower announcements) {
        announcements.refresh();
        return announcements.kept(settings.policy(), CheckpointRole.REWARD_MODEL);
    }

    /// The announcement of version 0; empty: closed before there was one.
    private Optional<Checkpoint> awaitFirst(CheckpointFollower announcements) {
        try {
            do {
                announcements.refresh();
                Optional<Checkpoint> first =
                        announcements.version(settings.policy(), CheckpointRole.REWARD_MODEL, 0);
                if (first.isPresent()) {
                    return first;
                }
            } while (!closed.await(LOOK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }

    /// Ends the run.
    @Override
    public void close() {
        closed.countDown();
        application.stop();
    }
}

package rlaif.processors;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import rlaif.topics.Connection;
import rlaif.topics.PositionLostException;

/// A Kafka Streams application that runs until it is closed or something in it breaks.
final class StreamsApplication {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    private final Connection connection;
    private final String applicationId;
    private final StreamsSettings settings;
    private final Map<String, Object> more;
    private final Intake intake;
    private final Consumer<Boolean> atWork;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /// @param more settings of this application alone
    StreamsApplication(
            Connection connection,
            String applicationId,
            StreamsSettings settings,
            Map<String, Object> more) {
        this(connection, applicationId, settings, more, new Intake(), _ -> {});
    }

    /// @param intake what its tasks hold back
    /// @param atWork told whether every task that this process owns has begun, and none is about to
    ///   be given up
    StreamsApplication(
            Connection connection,
            String applicationId,
            StreamsSettings settings,
            Map<String, Object> more,
            Intake intake,
            Consumer<Boolean> atWork) {
        this.intake = intake;
        this.atWork = atWork;
        this.connection = connection;
        this.applicationId = applicationId;
        this.settings = settings;
        this.more = more;
    }

    /// Blocks until {@link #stop}, or throws what broke.
    void run(Topology topology) {
        KafkaStreams streams =
                new KafkaStreams(topology, new StreamsConfig(config()), new HoldingClients(intake));
        try {
            streams.setUncaughtExceptionHandler(broken -> {
                failure.compareAndSet(null, broken);
                stop.countDown();
                return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
            });
            atWork.accept(false);
            streams.setStateListener((to, _) -> {
                atWork.accept(to == KafkaStreams.State.RUNNING);
                if (to == KafkaStreams.State.ERROR) {
                    stop.countDown();
                }
            });
            streams.start();
            awaitStop();
        } finally {
            // Without leaving, the group would wait for this member until its session times out.
            streams.close(
                    CloseOptions.timeout(CLOSE_TIMEOUT)
                            .withGroupMembershipOperation(
                                    CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        }
        Throwable broken = failure.get();
        if (broken != null) {
            throw explained(broken);
        }
    }

    /// Ends a run that is under way or about to begin.
    void stop() {
        stop.countDown();
    }

    private void awaitStop() {
        try {
            stop.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Everything that Kafka Streams is told.
    Map<String, Object> config() {
        Map<String, Object> own = new HashMap<>();
        own.put("application.id", applicationId);
        own.put("state.dir", settings.stateDirectory().toString());
        own.put("num.stream.threads", settings.threads());
        own.put("commit.interval.ms", settings.commitInterval().toMillis());
        own.put("processing.exception.handler.global.enabled", true);
        own.put("poll.ms", 20L); // the punctuator that forwards results cannot fire during a poll
        own.put("statestore.cache.max.bytes", 0L);
        own.put("rocksdb.config.setter", RocksDbLimits.class);
        own.put("main.consumer.group.instance.id", MemberId.in(settings.stateDirectory()));
        own.put("main.consumer.session.timeout.ms", 10_000);
        own.put("main.consumer.heartbeat.interval.ms", 3_000);
        own.put("producer.linger.ms", 5);
        own.putAll(more);
        return connection.streams(own);
    }

    private RuntimeException explained(Throwable broken) {
        for (Throwable cause = broken; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidOffsetException lost) {
                try (KafkaConsumer<byte[], byte[]> reader = connection.openConsumer(Map.of())) {
                    return PositionLostException.of(applicationId, reader, lost);
                }
            }
            if (cause instanceof MissingSourceTopicException) {
                return new IllegalStateException(
                        "%s: a topic that it reads is missing; run `rlaif topics apply`: %s"
                                .formatted(applicationId, cause.getMessage()),
                        broken);
            }
            if (isOurs(cause)) {
                return (RuntimeException) cause;
            }
        }
        if (broken instanceof StreamsException && broken.getCause() != null) {
            return new IllegalStateException(
                    "%s stopped: %s".formatted(applicationId, broken.getCause()), broken);
        }
        return new IllegalStateException("%s stopped: %s".formatted(applicationId, broken), broken);
    }

    private static boolean isOurs(Throwable cause) {
        return cause instanceof RuntimeException
                && cause.getClass().getPackageName().startsWith("rlaif.");
    }
}

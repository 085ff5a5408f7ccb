package rlaif.cli;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.Key;
import rlaif.events.RoleStart;
import rlaif.monitor.RoleStartReading;
import rlaif.topics.Topic;

/// What roles note of their settings on the stream when they start, so that whoever has no
/// configuration of a run can account for its records.
///
/// @param settings of the roles that were noted, as each was last started
record RoleNotes(Map<String, Configuration> settings) {
    /// The settings that say which records a role takes, by role.
    private static final Map<String, List<Key>> NOTED =
            Map.of(
                    Roles.JUDGE,
                    List.of(Key.LABELS_READ_PREFIX),
                    Roles.SCORE,
                    List.of(Key.SCORE_BY),
                    Roles.REVISE,
                    List.of(
                            Key.REVISE_ROLLOUTS_PER_GROUP,
                            Key.REVISE_CATEGORIES,
                            Key.SL_CAI_ENABLED,
                            Key.SL_CAI_REVISIONS,
                            Key.SL_CAI_PER_CHECKPOINT,
                            Key.SL_CAI_BATCH),
                    Roles.TRAIN_DPO,
                    List.of());

    RoleNotes {
        settings = Map.copyOf(settings);
    }

    /// Notes the start of a role, where that matters; a note that cannot be written stops nobody.
    ///
    /// @param progress told where it cannot
    static void write(Deployment deployment, String role, Consumer<String> progress) {
        List<Key> keys = NOTED.get(role);
        if (keys == null) {
            return;
        }
        Map<String, String> values = new HashMap<>();
        keys.forEach(key -> values.put(key.key(), deployment.configuration().text(key)));
        RoleStart start =
                RoleStart.newBuilder()
                        .setRole(role)
                        .setStartedAt(System.currentTimeMillis())
                        .setSettings(values)
                        .build();
        try (Producer<byte[], byte[]> producer = deployment.connection().openProducer(Map.of())) {
            producer.send(
                            new ProducerRecord<>(
                                    deployment.connection().name(Topic.ROLE_STARTS),
                                    role.getBytes(StandardCharsets.UTF_8),
                                    deployment
                                            .codecs()
                                            .<RoleStart>codec(Topic.ROLE_STARTS)
                                            .encode(start)))
                    .get();
        } catch (ExecutionException | KafkaException refused) {
            Throwable cause = refused instanceof ExecutionException ? refused.getCause() : refused;
            progress.accept(
                    "the start of %s is not noted on %s (%s): an audit of it needs --config"
                            .formatted(
                                    role, deployment.connection().name(Topic.ROLE_STARTS), cause));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    static RoleNotes read(Deployment deployment) {
        Map<String, Configuration> settings = new HashMap<>();
        RoleStartReading.newest(deployment.connection(), deployment.codecs())
                .forEach((role, values) ->
                        settings.put(
                                role,
                                Configuration.resolve(
                                        Map.of(
                                                Key.TOPICS_PREFIX.key(),
                                                deployment.connection().prefix()),
                                        Optional.empty(),
                                        Map.of(),
                                        known(values))));
        return new RoleNotes(settings);
    }

    /// Without settings that have another name by now.
    private static Map<String, String> known(Map<String, String> noted) {
        Map<String, String> known = new HashMap<>(noted);
        known.keySet().removeIf(name -> Key.named(name).isEmpty());
        return known;
    }

    boolean has(String role) {
        return settings.containsKey(role);
    }

    /// What a role was last started with; where nobody noted it, what is given.
    Configuration of(String role, Configuration otherwise) {
        return settings.getOrDefault(role, otherwise);
    }
}

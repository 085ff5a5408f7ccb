package rlaif.topics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// What a cluster and its registry need to carry the flow, beside what they have.
public final class TopicPlan {
    private static final int ATTEMPTS = 150;
    private static final long PAUSE_MILLIS = 100;

    private final Admin admin;
    private final Connection connection;
    private final List<Difference> differences;

    private TopicPlan(Admin admin, Connection connection, List<Difference> differences) {
        this.admin = admin;
        this.connection = connection;
        this.differences = List.copyOf(differences);
    }

    /// Looks at every topic, its dead letters and its subject.
    ///
    /// @throws ClusterUnreachableException when the cluster or the registry does not answer
    public static TopicPlan compare(Admin admin, Connection connection, Layout layout) {
        Map<String, Wanted> wanted = wanted(connection, layout);
        Map<String, TopicDescription> existing = existing(admin, wanted.keySet());
        Map<String, Config> settings = settings(admin, existing.keySet());
        List<Difference> differences = new ArrayList<>();
        wanted.forEach((name, topic) -> {
            TopicDescription description = existing.get(name);
            Config actual = settings.get(name);
            if (description == null || actual == null) {
                differences.add(
                        new Difference.MissingTopic(
                                name, topic.partitions, layout.replication(), topic.settings));
            } else {
                topic.compare(description, actual, layout, differences);
            }
        });
        try (Subjects subjects = new Subjects(connection)) {
            differences.addAll(subjects.differences());
        }
        return new TopicPlan(admin, connection, differences);
    }

    /// A topic as it should be.
    ///
    /// @param keyed whether its count of partitions matters to its readers
    private record Wanted(int partitions, boolean keyed, Map<String, String> settings) {
        void compare(
                TopicDescription actual,
                Config actualSettings,
                Layout layout,
                List<Difference> differences) {
            if (keyed && actual.partitions().size() != partitions) {
                differences.add(
                        new Difference.OtherPartitions(
                                actual.name(), actual.partitions().size(), partitions));
            }
            int replication = actual.partitions().getFirst().replicas().size();
            if (replication != layout.replication()) {
                differences.add(
                        new Difference.OtherReplication(
                                actual.name(), replication, layout.replication()));
            }
            settings.forEach((key, value) -> {
                ConfigEntry entry = actualSettings.get(key);
                String present = entry == null ? "(unset)" : entry.value();
                if (!present.equals(value)) {
                    differences.add(
                            new Difference.OtherSetting(actual.name(), key, present, value));
                }
            });
        }
    }

    private static Map<String, Wanted> wanted(Connection connection, Layout layout) {
        Map<String, Wanted> wanted = new LinkedHashMap<>();
        for (Topic topic : Topic.values()) {
            int partitions = topic.partitions(layout);
            wanted.put(
                    connection.name(topic), new Wanted(partitions, true, topic.settings(layout)));
            wanted.put(
                    connection.deadLetters(topic),
                    new Wanted(partitions, false, topic.deadLetterSettings(layout)));
        }
        return wanted;
    }

    private static Map<String, TopicDescription> existing(Admin admin, Collection<String> names) {
        Map<String, TopicDescription> existing = new HashMap<>();
        admin.describeTopics(names)
                .topicNameValues()
                .forEach((name, description) -> {
                    try {
                        existing.put(name, Answers.of(description, "to describe " + name));
                    } catch (UnknownTopicOrPartitionException e) {
                        // It is not in the answer, and so stands in the plan.
                    }
                });
        return existing;
    }

    private static Map<String, Config> settings(Admin admin, Collection<String> names) {
        List<ConfigResource> topics = names.stream().map(TopicPlan::resource).toList();
        Map<String, Config> settings = new HashMap<>();
        Answers.of(admin.describeConfigs(topics).all(), "for topic settings")
                .forEach((topic, config) -> settings.put(topic.name(), config));
        return settings;
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    /// What is not as it should be, topics first, in the order of the flow.
    public List<Difference> differences() {
        return differences;
    }

    /// The rights that each role needs on these topics, groups and transactional ids.
    public List<Acl> acls() {
        return Arrays.stream(Role.values())
                .flatMap(role -> Acl.of(role, connection).stream())
                .toList();
    }

    /// Removes all differences, and returns when what was created can be written.
    ///
    /// @throws PlanRefusedException when one of them cannot be; then none is
    public void apply() {
        List<Difference> impossible =
                differences.stream().filter(difference -> !difference.canBeApplied()).toList();
        if (!impossible.isEmpty()) {
            throw new PlanRefusedException(impossible);
        }
        create(chosen(Difference.MissingTopic.class));
        set(chosen(Difference.OtherSetting.class));
        try (Subjects subjects = new Subjects(connection)) {
            subjects.apply(differences);
        }
    }

    private <D extends Difference> List<D> chosen(Class<D> kind) {
        return differences.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private void create(List<Difference.MissingTopic> missing) {
        List<NewTopic> topics =
                missing.stream()
                        .map(topic ->
                                new NewTopic(topic.topic(), topic.partitions(), topic.replication())
                                        .configs(topic.settings()))
                        .toList();
        admin.createTopics(topics)
                .values()
                .forEach((name, created) -> {
                    try {
                        Answers.of(created, "to create " + name);
                    } catch (TopicExistsException e) {
                        // Someone applied the same plan at the same time.
                    }
                });
        awaitLeaders(missing);
    }

    /// Producing before every partition answers can lose idempotent records (KAFKA-15591).
    private void awaitLeaders(List<Difference.MissingTopic> created) {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (Difference.MissingTopic topic : created) {
            for (int partition = 0; partition < topic.partitions(); partition++) {
                ends.put(new TopicPartition(topic.topic(), partition), OffsetSpec.latest());
            }
        }
        if (ends.isEmpty()) {
            return;
        }
        for (int attempt = 1; ; attempt++) {
            try {
                Answers.of(admin.listOffsets(ends).all(), "for the ends of new topics");
                return;
            } catch (UnknownTopicOrPartitionException e) {
                // The controller has made it, the broker has not heard of it yet.
                if (attempt == ATTEMPTS) {
                    throw e;
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for new topics", e);
        }
    }

    private void set(List<Difference.OtherSetting> others) {
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        for (Difference.OtherSetting other : others) {
            changes.computeIfAbsent(resource(other.topic()), _ -> new ArrayList<>())
                    .add(
                            new AlterConfigOp(
                                    new ConfigEntry(other.setting(), other.wanted()),
                                    AlterConfigOp.OpType.SET));
        }
        if (!changes.isEmpty()) {
            Answers.of(admin.incrementalAlterConfigs(changes).all(), "to set topic settings");
        }
    }
}

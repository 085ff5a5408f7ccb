package rlaif.topics;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Where the topics are and how to reach them: the user's settings, and the prefix of all names.
///
/// Settings are the user's, verbatim: `kafka.<setting>` goes to every Kafka client,
/// `kafka.consumer.`, `kafka.producer.`, `kafka.streams.` and `kafka.admin.` to that kind of
/// client, `schema.registry.` to the registry client. What the guarantees rest on cannot be set.
///
/// @param settings the user's settings, by their full key
/// @param prefix put before every topic, group and transactional id, with a dot; empty: none
public record Connection(Map<String, String> settings, String prefix) {
    private static final String KAFKA = "kafka.";
    private static final String CONSUMER = "consumer.";
    private static final String PRODUCER = "producer.";
    private static final String STREAMS = "streams.";
    private static final String ADMIN = "admin.";
    private static final String REGISTRY = "schema.registry.";

    private static final Pattern PREFIX = Pattern.compile("([a-zA-Z0-9_-]+(\\.[a-zA-Z0-9_-]+)*)?");

    private static final Map<String, String> FIXED_CONSUMER =
            Map.of(
                    "isolation.level", "read_committed",
                    "enable.auto.commit", "false",
                    "auto.offset.reset", "none");
    private static final Map<String, String> FIXED_PRODUCER =
            Map.of("acks", "all", "enable.idempotence", "true");
    private static final Map<String, String> FIXED_STREAMS =
            Map.of("processing.guarantee", "exactly_once_v2");

    private static final int LONGEST_READERS_FETCH_MILLIS = 10;
    private static final int MAX_REQUEST_BYTES = Topic.MAX_DEAD_LETTER_BYTES + 64 * 1024;

    public Connection {
        settings = Map.copyOf(new TreeMap<>(settings));
        if (!isPrefix(prefix)) {
            throw new IllegalArgumentException(
                    "a topic prefix is made of letters, digits, `_`, `-` and inner dots, not `"
                            + prefix
                            + "`");
        }
        for (String key : settings.keySet()) {
            if (!key.startsWith(KAFKA) && !key.startsWith(REGISTRY)) {
                throw new IllegalArgumentException(
                        "`%s` is no connection setting: they start with `%s` or `%s`"
                                .formatted(key, KAFKA, REGISTRY));
            }
        }
        refuseOther(settings, CONSUMER, FIXED_CONSUMER);
        refuseOther(settings, PRODUCER, FIXED_PRODUCER);
        refuseOther(settings, STREAMS, FIXED_STREAMS);
    }

    private static void refuseOther(
            Map<String, String> settings, String kind, Map<String, String> fixed) {
        fixed.forEach((key, value) -> {
            for (String given : List.of(KAFKA + key, KAFKA + kind + key)) {
                String other = settings.getOrDefault(given, value);
                if (!other.equals(value)) {
                    throw new IllegalArgumentException(
                            "`%s` must be `%s`, not `%s`: exactly-once rests on it"
                                    .formatted(given, value, other));
                }
            }
        });
    }

    /// A connection to these servers with nothing else set.
    public static Connection to(String bootstrapServers, String registryUrl) {
        return new Connection(
                Map.of(
                        "kafka.bootstrap.servers",
                        bootstrapServers,
                        "schema.registry.url",
                        registryUrl),
                "");
    }

    /// Whether names may begin with it; empty: they begin with nothing.
    public static boolean isPrefix(String text) {
        return PREFIX.matcher(text).matches();
    }

    /// Name of a topic: `[prefix.]rlaif.<short name>.v1`.
    public String name(Topic topic) {
        return prefixed("rlaif." + topic.shortName() + ".v1");
    }

    /// What the names of all topics and of their dead letters start with.
    String topicsStart() {
        return prefixed("rlaif.");
    }

    /// Name of the topic that takes what was refused of `source`.
    public String deadLetters(Topic source) {
        return name(source) + ".dlq";
    }

    /// Consumer group and Streams application id of a role: `[prefix.]rlaif-<role>`.
    public String group(String role) {
        return prefixed("rlaif-" + role);
    }

    /// Named for what is published, so that a newer publisher fences the older.
    public String transactionalId(String policy, String role) {
        return prefixed("rlaif-publish-" + policy + "-" + role);
    }

    private String prefixed(String name) {
        return prefix.isEmpty() ? name : prefix + "." + name;
    }

    /// `kafka.bootstrap.servers`.
    public String bootstrapServers() {
        return required("kafka.bootstrap.servers");
    }

    /// `schema.registry.url`: one URL, or several with commas.
    public String registryUrl() {
        return required("schema.registry.url");
    }

    private String required(String key) {
        String value = settings.get(key);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("`" + key + "` is not set");
        }
        return value;
    }

    /// Settings of a consumer; `own` are its user's and win.
    public Map<String, Object> consumer(Map<String, Object> own) {
        Map<String, Object> merged = new HashMap<>();
        merged.put("enable.metrics.push", "false");
        putGiven(merged, "", CONSUMER);
        merged.putAll(FIXED_CONSUMER);
        merged.putAll(own);
        return merged;
    }

    /// Settings of a producer; `own` are its user's and win.
    public Map<String, Object> producer(Map<String, Object> own) {
        Map<String, Object> merged = new HashMap<>(producerDefaults());
        putGiven(merged, "", PRODUCER);
        merged.putAll(FIXED_PRODUCER);
        merged.putAll(own);
        return merged;
    }

    /// Settings of an admin client; `own` are its user's and win.
    public Map<String, Object> admin(Map<String, Object> own) {
        Map<String, Object> merged = new HashMap<>();
        merged.put("enable.metrics.push", "false");
        putGiven(merged, "", ADMIN);
        merged.putAll(own);
        return merged;
    }

    /// Settings of a Streams application; `own` are its own and win.
    public Map<String, Object> streams(Map<String, Object> own) {
        Map<String, Object> merged = new HashMap<>();
        merged.put("enable.metrics.push", "false");
        merged.put("ensure.explicit.internal.resource.naming", "true");
        merged.put("topic.max.message.bytes", Integer.toString(Topic.MAX_DEAD_LETTER_BYTES));
        producerDefaults().forEach((key, value) -> merged.put(PRODUCER + key, value));
        putGiven(merged, "", STREAMS);
        putKind(merged, CONSUMER, CONSUMER);
        putKind(merged, PRODUCER, PRODUCER);
        putKind(merged, ADMIN, ADMIN);
        merged.put("main.consumer.auto.offset.reset", "none");
        merged.putAll(FIXED_STREAMS);
        merged.putAll(own);
        return merged;
    }

    /// Settings of the registry client. Its own names carry the prefix in some versions and lack it
    /// in others, so that each is given both ways.
    public Map<String, Object> registry() {
        Map<String, Object> merged = new HashMap<>();
        merged.put("http.connect.timeout.ms", "4000");
        merged.put("http.read.timeout.ms", "10000");
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            if (setting.getKey().startsWith(REGISTRY)) {
                merged.put(setting.getKey(), setting.getValue());
                merged.put(setting.getKey().substring(REGISTRY.length()), setting.getValue());
            }
        }
        merged.put("schema.registry.url", registryUrl());
        return merged;
    }

    private static Map<String, Object> producerDefaults() {
        return Map.of(
                "enable.metrics.push", "false",
                "compression.type", "zstd",
                "max.request.size", Integer.toString(MAX_REQUEST_BYTES));
    }

    /// Puts what was given for every client, then what was given for this kind.
    private void putGiven(Map<String, Object> merged, String to, String kind) {
        bootstrapServers();
        settings.forEach((key, value) -> {
            if (key.startsWith(KAFKA) && !isOfAKind(key)) {
                merged.put(to + key.substring(KAFKA.length()), value);
            }
        });
        putKind(merged, kind, to);
    }

    private void putKind(Map<String, Object> merged, String kind, String to) {
        String start = KAFKA + kind;
        settings.forEach((key, value) -> {
            if (key.startsWith(start)) {
                merged.put(to + key.substring(start.length()), value);
            }
        });
    }

    private static boolean isOfAKind(String key) {
        return List.of(CONSUMER, PRODUCER, STREAMS, ADMIN).stream()
                .anyMatch(kind -> key.startsWith(KAFKA + kind));
    }

    /// Opens a consumer of bytes.
    public KafkaConsumer<byte[], byte[]> openConsumer(Map<String, Object> own) {
        try {
            return new KafkaConsumer<>(
                    consumer(own), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        } catch (KafkaException e) {
            throw unusable(e);
        }
    }

    /// Opens a consumer of bytes of no group, for what is there already. A fetch that finds
    /// nothing, as every poll leaves one behind, is answered soon: until then the broker answers
    /// nothing else on the same connection, where an end of a partition is asked for, half a second
    /// by default.
    public KafkaConsumer<byte[], byte[]> openReader() {
        return openConsumer(
                Map.of(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, LONGEST_READERS_FETCH_MILLIS));
    }

    /// Opens a producer of bytes.
    public KafkaProducer<byte[], byte[]> openProducer(Map<String, Object> own) {
        try {
            return new KafkaProducer<>(
                    producer(own), new ByteArraySerializer(), new ByteArraySerializer());
        } catch (KafkaException e) {
            throw unusable(e);
        }
    }

    /// Opens an admin client.
    public Admin openAdmin() {
        try {
            Properties properties = new Properties();
            properties.putAll(admin(Map.of()));
            return Admin.create(properties);
        } catch (KafkaException e) {
            throw unusable(e);
        }
    }

    /// A client whose server names resolve to nothing is not made at all.
    private RuntimeException unusable(KafkaException e) {
        Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
        String why = Objects.requireNonNullElse(cause.getMessage(), cause.toString());
        return why.contains("resolvable bootstrap")
                ? new ClusterUnreachableException(
                        "no name in kafka.bootstrap.servers=%s resolves to an address"
                                .formatted(bootstrapServers()),
                        e)
                : new IllegalArgumentException("a kafka.* setting is refused: " + why, e);
    }
}

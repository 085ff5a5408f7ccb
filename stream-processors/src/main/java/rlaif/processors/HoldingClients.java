package rlaif.processors;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.jspecify.annotations.Nullable;

/// Kafka's clients, whose consumer leaves alone the partitions that an {@link Intake} holds.
///
/// A processor cannot refuse a record, and must not keep the stream thread waiting, so records that
/// are not to be taken in must not be fetched. Kafka Streams goes on polling, punctuating and
/// committing.
final class HoldingClients implements KafkaClientSupplier {
    private final Intake intake;

    HoldingClients(Intake intake) {
        this.intake = intake;
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return Admin.create(config);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return holding(opened(config), intake);
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return opened(config);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return opened(config);
    }

    private static Consumer<byte[], byte[]> opened(Map<String, Object> config) {
        return new KafkaConsumer<>(
                config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /// The same consumer, which pauses what is held before each poll and resumes what no longer is.
    @SuppressWarnings("unchecked") // of the interface that is given
    static Consumer<byte[], byte[]> holding(Consumer<byte[], byte[]> consumer, Intake intake) {
        return (Consumer<byte[], byte[]>)
                Proxy.newProxyInstance(
                        HoldingClients.class.getClassLoader(),
                        new Class<?>[] {Consumer.class},
                        new Holding(consumer, intake));
    }

    /// Stands before a consumer; used by the consumer's thread alone, apart from `wakeup`.
    private static final class Holding implements InvocationHandler {
        private final Consumer<byte[], byte[]> consumer;
        private final Intake intake;
        private Set<TopicPartition> held = Set.of();

        Holding(Consumer<byte[], byte[]> consumer, Intake intake) {
            this.consumer = consumer;
            this.intake = intake;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
                throws Throwable {
            switch (method.getName()) {
                case "poll" -> hold();
                case "resume" -> {
                    if (arguments != null && arguments[0] instanceof Collection<?> partitions) {
                        resumeOthers(partitions);
                        return null;
                    }
                }
                default -> {}
            }
            try {
                return method.invoke(consumer, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
            }
        }

        private void hold() {
            Set<TopicPartition> assigned = consumer.assignment();
            Set<TopicPartition> wanted =
                    assigned.stream().filter(intake::holds).collect(Collectors.toSet());
            Set<TopicPartition> released = new HashSet<>(held);
            released.removeAll(wanted);
            released.retainAll(assigned);
            consumer.pause(wanted);
            consumer.resume(released);
            held = wanted;
        }

        /// Kafka Streams resumes a partition when it has room for more.
        private void resumeOthers(Collection<?> partitions) {
            consumer.resume(
                    partitions.stream()
                            .map(TopicPartition.class::cast)
                            .filter(partition -> !intake.holds(partition))
                            .toList());
        }
    }
}

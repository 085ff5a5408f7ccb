package rlaif.producers;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import rlaif.events.AbstainReason;
import rlaif.events.HumanLabel;
import rlaif.events.Judgment;
import rlaif.events.PresentationOrder;
import rlaif.topics.Codec;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Ids;
import rlaif.topics.StartPositions;
import rlaif.topics.Topic;
import rlaif.topics.TransactionalIdWatch;
import rlaif.topics.UnreadableRecordException;

/// The worker that has people who need no time label the pairs that are left to people: judgments
/// FOR_PEOPLE in, one human label a person out, with the positions in one transaction.
public final class LabelProducer implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    private final Connection connection;
    private final List<Person> people;
    private final String source;
    private final Codec<Judgment> judgments;
    private final Codec<HumanLabel> labels;
    private final String group;
    private final StopSignal stop = new StopSignal();

    /// @param source where the labels come from, in every label
    public LabelProducer(
            Connection connection, Codecs codecs, List<? extends Person> people, String source) {
        if (people.isEmpty()) {
            throw new IllegalArgumentException("somebody must label, nobody is named");
        }
        this.connection = connection;
        this.people = List.copyOf(people);
        this.source = source;
        this.judgments = codecs.codec(Topic.JUDGMENTS);
        this.labels = codecs.codec(Topic.HUMAN_LABELS);
        this.group = connection.group("labelers");
    }

    /// Labels what comes until {@link #close()}.
    public void run() {
        stop.begin();
        String topic = connection.name(Topic.JUDGMENTS);
        try (Admin admin = connection.openAdmin();
                Consumer<byte[], byte[]> consumer =
                        connection.openConsumer(Map.of(ConsumerConfig.GROUP_ID_CONFIG, group));
                TransactionalWriter writer = writer(admin)) {
            writer.begin();
            StartPositions.ensure(admin, group, List.of(topic));
            List<TopicPartition> partitions = new ArrayList<>();
            for (PartitionInfo partition : consumer.partitionsFor(topic)) {
                partitions.add(new TopicPartition(topic, partition.partition()));
            }
            consumer.assign(partitions);
            while (!stop.isAsked()) {
                ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
                if (!polled.isEmpty() && !write(writer, polled, consumer.groupMetadata())) {
                    consumer.committed(java.util.Set.copyOf(partitions))
                            .forEach((partition, position) ->
                                    consumer.seek(partition, position.offset()));
                }
            }
        } catch (KafkaException e) {
            throw Fencing.explained(e, superseded());
        } finally {
            stop.ended();
        }
    }

    private TransactionalWriter writer(Admin admin) {
        return new TransactionalWriter(
                () ->
                        connection.openProducer(
                                Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, group)),
                Succession.under(new TransactionalIdWatch(admin, group)),
                superseded());
    }

    private String superseded() {
        return "newer simulated labelers have taken over (transactional id %s); run them once"
                .formatted(group);
    }

    private boolean write(
            TransactionalWriter writer,
            ConsumerRecords<byte[], byte[]> polled,
            ConsumerGroupMetadata member) {
        List<ProducerRecord<byte[], byte[]>> made = new ArrayList<>();
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            positions.put(
                    new TopicPartition(record.topic(), record.partition()),
                    new OffsetAndMetadata(record.offset() + 1));
            Judgment judgment;
            try {
                judgment = judgments.decode(record.value());
            } catch (UnreadableRecordException e) {
                continue; // the stages that read it for its content refuse it
            }
            if (judgment.getAbstainReason() == AbstainReason.FOR_PEOPLE) {
                people.forEach(person -> made.add(record(label(judgment, person))));
            }
        }
        return writer.write(made, positions, member);
    }

    private ProducerRecord<byte[], byte[]> record(HumanLabel label) {
        return new ProducerRecord<>(
                connection.name(Topic.HUMAN_LABELS),
                label.getPromptId().getBytes(StandardCharsets.UTF_8),
                labels.encode(label));
    }

    private HumanLabel label(Judgment judgment, Person person) {
        String first = judgment.getFirst().getCompletion();
        String second = judgment.getSecond().getCompletion();
        return HumanLabel.newBuilder()
                .setId(Ids.humanLabel(judgment.getPairId(), person.name(), source))
                .setPairId(judgment.getPairId())
                .setPromptId(judgment.getPromptId())
                .setPrompt(judgment.getPrompt())
                .setCategory(judgment.getCategory())
                .setFirst(first)
                .setSecond(second)
                .setLabeler(person.name())
                .setSource(source)
                .setChoice(person.choose(judgment.getPrompt(), first, second))
                .setShown(PresentationOrder.FIRST_SECOND)
                .build();
    }

    /// Ends after the transaction it is in, and waits until it has.
    @Override
    public void close() {
        stop.ask();
        stop.awaitEnd();
    }
}

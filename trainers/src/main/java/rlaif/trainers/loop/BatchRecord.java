package rlaif.trainers.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// A batch while it is being cut.
final class BatchRecord<X> {
    private final List<X> examples = new ArrayList<>();
    private final List<X> heldOut = new ArrayList<>();
    private final List<Batch.RefusedRecord> refused = new ArrayList<>();
    private final Map<String, Long> dropped = new TreeMap<>();
    private final SortedMap<Integer, Batch.Offsets> consumed = new TreeMap<>();

    void add(ConsumerRecord<byte[], byte[]> source, Admission<X> admission) {
        Batch.Offsets before = consumed.get(source.partition());
        long from = before == null ? source.offset() : before.from();
        consumed.put(source.partition(), new Batch.Offsets(from, source.offset() + 1));
        switch (admission) {
            case Admission.Accepted<X>(X example) -> examples.add(example);
            case Admission.HeldOut<X>(X example) -> {
                heldOut.add(example);
                count(Batch.HELD_OUT);
            }
            case Admission.Dropped<X>(String reason) -> count(reason);
            case Admission.Refused<X>(Refusal refusal) -> {
                refused.add(new Batch.RefusedRecord(source, refusal));
                count(refusal.code());
            }
        }
    }

    private void count(String reason) {
        dropped.merge(reason, 1L, Long::sum);
    }

    Batch<X> finish() {
        return new Batch<>(
                List.copyOf(examples),
                List.copyOf(heldOut),
                List.copyOf(refused),
                Map.copyOf(dropped),
                consumed);
    }
}

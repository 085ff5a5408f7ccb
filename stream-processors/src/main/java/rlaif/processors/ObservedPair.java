package rlaif.processors;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/// What statistics remember of a pair: which judgments they have counted, and what people said.
///
/// @param labels of judgments, by id
/// @param choices of people, by label id: 1, 0, 1/2; empty: unsure
record ObservedPair(Map<String, Judged> labels, Map<String, OptionalDouble> choices) {

    /// A judgment that was counted.
    ///
    /// @param probability that `first` is better; empty: it abstained
    record Judged(LabelGroup group, OptionalDouble probability) {}

    ObservedPair {
        labels = Map.copyOf(labels);
        choices = Map.copyOf(choices);
    }

    static ObservedPair unknown() {
        return new ObservedPair(Map.of(), Map.of());
    }

    ObservedPair with(String judgmentId, Judged judged) {
        Map<String, Judged> more = new HashMap<>(labels);
        more.put(judgmentId, judged);
        return new ObservedPair(more, choices);
    }

    ObservedPair with(String labelId, OptionalDouble choice) {
        Map<String, OptionalDouble> more = new HashMap<>(choices);
        more.put(labelId, choice);
        return new ObservedPair(labels, more);
    }

    byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(labels.size());
            for (Map.Entry<String, Judged> entry : new TreeMap<>(labels).entrySet()) {
                out.writeUTF(entry.getKey());
                entry.getValue().group().write(out);
                LabelObservation.write(entry.getValue().probability(), out);
            }
            out.writeInt(choices.size());
            for (Map.Entry<String, OptionalDouble> entry : new TreeMap<>(choices).entrySet()) {
                out.writeUTF(entry.getKey());
                LabelObservation.write(entry.getValue(), out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes every byte", e);
        }
        return bytes.toByteArray();
    }

    static ObservedPair of(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            Map<String, Judged> labels = new HashMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                labels.put(
                        in.readUTF(), new Judged(LabelGroup.read(in), LabelObservation.number(in)));
            }
            Map<String, OptionalDouble> choices = new HashMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                choices.put(in.readUTF(), LabelObservation.number(in));
            }
            return new ObservedPair(labels, choices);
        } catch (IOException e) {
            throw new UncheckedIOException("an observed pair is cut short", e);
        }
    }
}

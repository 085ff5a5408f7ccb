package rlaif.models;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// How far one tensor of a model lies from the same tensor of another.
///
/// @param tensor name in the model folders
/// @param parameters values of the tensor
/// @param relativeChange Euclidean norm of the difference divided by that of the first; infinite
///   where the first is all 0 and the second is not
/// @param largestChange greatest absolute difference of two values
public record WeightChange(
        String tensor, long parameters, double relativeChange, double largestChange) {

    /// Every tensor of two model folders, by name.
    ///
    /// @throws ModelFolderException if they do not hold the same tensors in the same shapes
    public static List<WeightChange> between(Path first, Path second) {
        try (WeightFiles before = WeightFiles.open(first);
                WeightFiles after = WeightFiles.open(second)) {
            Set<String> names = new TreeSet<>(before.names());
            names.addAll(after.names());
            List<WeightChange> changes = new ArrayList<>();
            for (String name : names) {
                changes.add(between(name, before.holding(name), after.holding(name)));
            }
            return changes;
        }
    }

    private static WeightChange between(String name, Safetensors before, Safetensors after) {
        long size = before.size(name);
        if (after.size(name) != size) {
            throw new IllegalArgumentException(
                    "tensor %s has %d values in one model and %d in the other"
                            .formatted(name, size, after.size(name)));
        }
        FloatRuns.Source old = before.read(name);
        FloatRuns.Source now = after.read(name);
        int piece = Math.toIntExact(Math.min(size, FloatRuns.PIECE));
        float[] olds = new float[piece];
        float[] nows = new float[piece];
        double squares = 0;
        double squaredChange = 0;
        double largest = 0;
        for (long from = 0; from < size; from += piece) {
            int count = Math.toIntExact(Math.min(piece, size - from));
            old.read(from, olds, count);
            now.read(from, nows, count);
            for (int i = 0; i < count; i++) {
                double change = (double) nows[i] - olds[i];
                squares += (double) olds[i] * olds[i];
                squaredChange += change * change;
                largest = Math.max(largest, Math.abs(change));
            }
        }
        double relative = squaredChange == 0 ? 0 : Math.sqrt(squaredChange / squares);
        return new WeightChange(name, size, relative, largest);
    }
}

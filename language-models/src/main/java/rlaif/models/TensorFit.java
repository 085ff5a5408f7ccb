package rlaif.models;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/// A comparison of the tensors that a file holds with those that its configuration asks for.
///
/// @param wanted names and shapes
/// @param mayBeLeftOut names of wanted tensors that need not be there
/// @param redundant whether a tensor that was not asked for is harmless
record TensorFit(
        List<ParameterLayout.Named> wanted, Set<String> mayBeLeftOut, Predicate<String> redundant) {

    private static final int MOST_NAMES = 20;

    /// Names everything that is missing, unexpected or of another shape at once.
    ///
    /// @param file named by the error, which says that it does not fit `configuration`
    /// @param shape of a tensor that is there
    void require(
            Path file, String configuration, Set<String> names, Function<String, long[]> shape) {
        Set<String> unexpected = new LinkedHashSet<>(names);
        List<String> missing = new ArrayList<>();
        List<String> misshapen = new ArrayList<>();
        for (ParameterLayout.Named tensor : wanted) {
            if (!unexpected.remove(tensor.name())) {
                if (!mayBeLeftOut.contains(tensor.name())) {
                    missing.add(tensor.name());
                }
                continue;
            }
            long[] found = shape.apply(tensor.name());
            if (!Arrays.equals(found, tensor.shape())) {
                misshapen.add(
                        tensor.name()
                                + " is "
                                + Arrays.toString(found)
                                + " instead of "
                                + Arrays.toString(tensor.shape()));
            }
        }
        unexpected.removeIf(redundant);
        List<String> faults = new ArrayList<>();
        add("missing", missing, faults);
        add("unexpected", unexpected.stream().toList(), faults);
        add("misshapen", misshapen, faults);
        if (!faults.isEmpty()) {
            throw new ModelFolderException(
                    file, "does not fit " + configuration + ": " + String.join("; ", faults));
        }
    }

    private static void add(String kind, List<String> names, List<String> faults) {
        if (!names.isEmpty()) {
            String more =
                    names.size() > MOST_NAMES
                            ? " and " + (names.size() - MOST_NAMES) + " more"
                            : "";
            faults.add(
                    kind
                            + ": "
                            + String.join(
                                    ", ", names.subList(0, Math.min(names.size(), MOST_NAMES)))
                            + more);
        }
    }
}

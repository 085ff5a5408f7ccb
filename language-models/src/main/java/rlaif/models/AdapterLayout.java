package rlaif.models;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Where each adapter lies in the one flat buffer of what a LoRA run trains, and its name in PEFT's
/// files.
///
/// For every adapted matrix, in the base's order, `A` and then `B`; last the scalar head, where
/// there is one, which is trained whole.
final class AdapterLayout {

    private static final String PREFIX = "base_model.model.";
    private static final String WEIGHT = ".weight";

    /// PEFT's name of {@link ParameterLayout#SCORE_BIAS}.
    static final String SCORE_BIAS = PREFIX + ParameterLayout.SCORE_BIAS;

    /// The two factors beside one matrix.
    ///
    /// @param a (rank, inputs)
    /// @param b (outputs, rank)
    record Pair(ParameterLayout.Named a, ParameterLayout.Named b) {}

    private final List<ParameterLayout.Named> named = new ArrayList<>();
    private final Map<String, Pair> pairs = new LinkedHashMap<>(); // by the matrix's name
    private final Map<String, ParameterLayout.Named> whole = new LinkedHashMap<>();
    private final Map<String, Integer> rows = new HashMap<>(); // of every tensor of the model
    private int size;

    /// @param layout of the model that base and adapters make together
    AdapterLayout(ParameterLayout layout, LoraSettings settings) {
        for (ParameterLayout.Named tensor : layout.named()) {
            rows.put(tensor.name(), tensor.rows());
            if (isTarget(tensor.name(), settings)) {
                String module =
                        tensor.name().substring(0, tensor.name().length() - WEIGHT.length());
                ParameterLayout.Named a =
                        name(module + ".lora_A" + WEIGHT, settings.rank(), tensor.columns());
                ParameterLayout.Named b =
                        name(module + ".lora_B" + WEIGHT, tensor.rows(), settings.rank());
                pairs.put(tensor.name(), new Pair(a, b));
            } else if (tensor.name().startsWith("score.")) {
                whole.put(tensor.name(), name(tensor.name(), tensor.rows(), tensor.columns()));
            }
        }
    }

    /// All tensors in the order of the buffer, by PEFT's names.
    List<ParameterLayout.Named> named() {
        return named;
    }

    /// Trained numbers in all.
    int size() {
        return size;
    }

    /// The adapter of a matrix of the base.
    Optional<Pair> pair(String matrix) {
        return Optional.ofNullable(pairs.get(matrix));
    }

    /// A tensor that is trained as it is, by its name in the model.
    Optional<ParameterLayout.Named> whole(String tensor) {
        return Optional.ofNullable(whole.get(tensor));
    }

    /// Rows of a tensor of the model.
    int rows(String tensor) {
        return Objects.requireNonNull(rows.get(tensor), tensor);
    }

    private static boolean isTarget(String tensor, LoraSettings settings) {
        return settings.targets().stream()
                .anyMatch(target -> tensor.endsWith("." + target.path() + WEIGHT));
    }

    private ParameterLayout.Named name(String tensor, int rows, int columns) {
        ParameterLayout.Named added =
                new ParameterLayout.Named(PREFIX + tensor, size, rows, columns);
        size = Math.addExact(size, added.size());
        named.add(added);
        return added;
    }
}

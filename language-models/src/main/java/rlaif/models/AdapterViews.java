package rlaif.models;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An adapter's numbers seen as matrices for one step.
///
/// @param matrices by PEFT's names
/// @param scale (1)
record AdapterViews(AdapterLayout layout, Map<String, NDArray> matrices, NDArray scale) {

    /// What is added to the multiplication that holds these matrices of a layer below each other;
    /// null where none of them has an adapter.
    @Nullable LowRank beside(int layer, LoraTarget... targets) {
        List<LowRank.Part> parts =
                Arrays.stream(targets)
                        .map(target ->
                                part("model.layers." + layer + "." + target.path() + ".weight"))
                        .toList();
        return parts.stream().allMatch(part -> part.a() == null) ? null : new LowRank(parts, scale);
    }

    /// The scalar head that is trained whole; null in a language model.
    @Nullable Linear scalarHead() {
        return layout.whole("score.weight").isEmpty()
                ? null
                : new Linear(whole("score.weight"), whole("score.bias"), null);
    }

    private LowRank.Part part(String matrix) {
        return layout.pair(matrix)
                .map(pair -> new LowRank.Part(pair.b().rows(), of(pair.a()), of(pair.b())))
                .orElseGet(() -> new LowRank.Part(layout.rows(matrix), null, null));
    }

    private NDArray whole(String tensor) {
        return of(layout.whole(tensor).orElseThrow());
    }

    private NDArray of(ParameterLayout.Named tensor) {
        return Objects.requireNonNull(matrices.get(tensor.name()), tensor.name());
    }
}

package rlaif.models;

import ai.djl.ndarray.NDArray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// A model in a folder, whose weights are known to fit its configuration and are still on disk.
final class StoredModel implements AutoCloseable {

    private static final int MOST_NAMES = 20;
    private static final Set<String> MAY_BE_LEFT_OUT = Set.of("score.bias"); // 0 then

    private final ModelConfig config;
    private final ParameterLayout layout;
    private final WeightFiles weights;

    private StoredModel(ModelConfig config, ParameterLayout layout, WeightFiles weights) {
        this.config = config;
        this.layout = layout;
        this.weights = weights;
    }

    static StoredModel open(Path folder, ModelConfig config) {
        ParameterLayout layout;
        try {
            layout = new ParameterLayout(config.shape(), config.head());
        } catch (IllegalArgumentException e) {
            throw new ModelFolderException(
                    folder.resolve(ModelFolder.CONFIG), "cannot be used: " + e.getMessage(), e);
        }
        WeightFiles weights = WeightFiles.open(folder);
        try {
            StoredModel model = new StoredModel(config, layout, weights);
            model.requireFit();
            return model;
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    ModelShape shape() {
        return config.shape();
    }

    Head head() {
        return config.head();
    }

    /// Fills a model's flat parameters.
    void copyTo(NDArray parameters) {
        for (ParameterLayout.Named tensor : layout.named()) {
            if (weights.names().contains(tensor.name())) {
                FloatRuns.copy(
                        weights.holding(tensor.name()).read(tensor.name()),
                        parameters,
                        tensor.offset(),
                        tensor.size());
            }
        }
    }

    @Override
    public void close() {
        weights.close();
    }

    /// Names everything that is missing, unexpected or of another shape at once.
    private void requireFit() {
        Set<String> unexpected = new LinkedHashSet<>(weights.names());
        List<String> missing = new ArrayList<>();
        List<String> misshapen = new ArrayList<>();
        for (ParameterLayout.Named tensor : layout.named()) {
            if (!unexpected.remove(tensor.name())) {
                if (!MAY_BE_LEFT_OUT.contains(tensor.name())) {
                    missing.add(tensor.name());
                }
                continue;
            }
            long[] found = weights.holding(tensor.name()).shape(tensor.name());
            if (!Arrays.equals(found, tensor.shape())) {
                misshapen.add(
                        tensor.name()
                                + " is "
                                + Arrays.toString(found)
                                + " instead of "
                                + Arrays.toString(tensor.shape()));
            }
        }
        unexpected.removeIf(StoredModel::isRedundant);
        List<String> faults = new ArrayList<>();
        add("missing", missing, faults);
        add("unexpected", unexpected.stream().toList(), faults);
        add("misshapen", misshapen, faults);
        if (!faults.isEmpty()) {
            throw new ModelFolderException(
                    weights.file(),
                    "does not fit " + ModelFolder.CONFIG + ": " + String.join("; ", faults));
        }
    }

    /// What some programs store though it follows from other tensors or from the configuration.
    private static boolean isRedundant(String name) {
        return name.equals("lm_head.weight") || name.endsWith("rotary_emb.inv_freq");
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

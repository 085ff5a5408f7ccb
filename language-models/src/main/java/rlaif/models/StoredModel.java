package rlaif.models;

import ai.djl.ndarray.NDArray;
import java.nio.file.Path;
import java.util.Set;

/// A model in a folder, whose weights are known to fit its configuration and are still on disk.
final class StoredModel implements AutoCloseable {

    private static final Set<String> MAY_BE_LEFT_OUT = Set.of(ParameterLayout.SCORE_BIAS);

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

    private void requireFit() {
        new TensorFit(layout.named(), MAY_BE_LEFT_OUT, StoredModel::isRedundant)
                .require(
                        weights.file(),
                        ModelFolder.CONFIG,
                        weights.names(),
                        name -> weights.holding(name).shape(name));
    }

    /// What some programs store though it follows from other tensors or from the configuration.
    private static boolean isRedundant(String name) {
        return name.equals("lm_head.weight") || name.endsWith("rotary_emb.inv_freq");
    }
}

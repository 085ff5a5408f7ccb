package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A Llama-shaped decoder with one head, its float32 parameters in one flat native array; an
/// adapted one computes with another's parameters, which stay as they are, and trains adapters
/// beside them.
///
/// One thread at a time uses a model; different models may be used by different threads. Native
/// memory lives until `close`.
public final class Transformer implements AutoCloseable {

    private final ModelShape shape;
    private final Head head;
    private final ParameterLayout layout; // of this model
    private final ParameterLayout stored; // of the parameters: another head, in an adapted model
    private final NDManager manager;
    private final NDArray parameters; // (n)
    private final PositionTables tables;
    private final @Nullable Adapter adapter;

    private Transformer(ModelShape shape, Head head) {
        this.shape = shape;
        this.head = head;
        this.layout = new ParameterLayout(shape, head);
        this.stored = layout;
        this.manager = TensorThread.newManager();
        this.tables = new PositionTables(shape, manager);
        this.parameters = manager.zeros(new Shape(layout.size()));
        this.adapter = null;
    }

    private Transformer(Transformer base, Head head, LoraSettings settings) {
        if (base.adapter != null) {
            throw new IllegalStateException("this model is adapted already; adapt its base");
        }
        this.shape = base.shape;
        this.head = head;
        this.layout = head == base.head ? base.layout : new ParameterLayout(shape, head);
        this.stored = base.layout;
        this.manager = base.manager.newSubManager();
        this.tables = base.tables;
        this.parameters = base.parameters;
        this.adapter =
                new Adapter(
                        manager, layout, settings, new BaseWeights(parameters, stored.trunkSize()));
    }

    /// A model with random weights: normal with deviation 1 / sqrt(inputs of the matrix), matrices
    /// that end in a residual sum divided by sqrt(2 layers), norms 1, biases 0. The same seed gives
    /// the same weights.
    public static Transformer random(ModelShape shape, Head head, long seed) {
        Transformer model = new Transformer(shape, head);
        FloatRuns.Source weights = InitialWeights.draw(shape, model.layout, seed);
        FloatRuns.copy(weights, model.parameters, 0, model.layout.size());
        return model;
    }

    /// The model in a Hugging Face folder; its `config.json` tells shape and head.
    ///
    /// @throws ModelFolderException if the folder holds no model of a supported kind
    public static Transformer load(Path folder) {
        try (StoredModel stored = ModelFolder.open(folder)) {
            Transformer model = new Transformer(stored.shape(), stored.head());
            try {
                stored.copyTo(model.parameters);
                return model;
            } catch (RuntimeException e) {
                model.close();
                throw e;
            }
        }
    }

    /// The same, every weight looked at: for a folder that somebody brings.
    ///
    /// @throws ModelFolderException also if a weight is NaN or infinite
    public static Transformer loadFinite(Path folder) {
        Transformer model = load(folder);
        try {
            model.requireFinite(folder);
            return model;
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /// The shape of the model in a folder, without reading its weights.
    ///
    /// @throws ModelFolderException if the folder holds no model of a supported kind
    public static ModelShape shapeOf(Path folder) {
        try (StoredModel stored = ModelFolder.open(folder)) {
            return stored.shape();
        }
    }

    /// Writes a Hugging Face folder that Transformers loads: configuration, weights, and the
    /// tokenizer's files unchanged.
    ///
    /// @param folder is there and holds none of these files
    /// @throws ArithmeticException if a weight is too large for the format's type
    public void save(Path folder, Tokenizer tokenizer, WeightFormat format) {
        ModelFolder.write(folder, this, tokenizer, format);
    }

    /// An equal model with memory of its own; of an adapted one, adapters and base made one.
    public Transformer copy() {
        Transformer copy = new Transformer(shape, head);
        copy.take(this, layout.size());
        return copy;
    }

    /// This model with new low-rank adapters beside its matrices. They add 0 at first; the seed
    /// decides where they go from there.
    ///
    /// @return shares this model's weights, which it leaves as they are; closed before it
    public Transformer adapted(LoraSettings settings, long seed) {
        return switch (head) {
            case LANGUAGE_MODEL -> adaptedTo(head, settings, seed);
            case SCALAR -> {
                Transformer adapted = adaptedTo(head, settings, seed);
                layout.named().stream()
                        .filter(tensor -> tensor.offset() >= layout.trunkSize())
                        .forEach(tensor -> adapted.setWhole(tensor.name(), values(tensor)));
                yield adapted;
            }
        };
    }

    /// The same trunk with adapters under a scalar head of its own, as {@link #withScalarHead}
    /// begins one; adapters and head are trained.
    public Transformer adaptedWithScalarHead(LoraSettings settings, long seed) {
        Transformer adapted = adaptedTo(Head.SCALAR, settings, seed);
        adapted.setWhole(
                "score.weight", FloatRuns.of(InitialWeights.scalarHead(shape.width(), seed)));
        return adapted;
    }

    /// The same under a scalar head that gives 0 everywhere.
    public Transformer adaptedWithZeroScalarHead(LoraSettings settings, long seed) {
        return adaptedTo(Head.SCALAR, settings, seed);
    }

    /// This model with the adapters of a folder as PEFT keeps it.
    ///
    /// @return shares this model's weights, as {@link #adapted(LoraSettings, long)} does
    /// @throws ModelFolderException if the folder holds no adapter of this model
    public Transformer adapted(Path folder) {
        AdapterFolder.Described described = AdapterFolder.describe(folder, shape.layers());
        if (head == Head.SCALAR && described.head() == Head.LANGUAGE_MODEL) {
            throw new ModelFolderException(
                    folder.resolve(AdapterFolder.CONFIG),
                    "belongs to a language model (task_type CAUSAL_LM), and the base is a reward model without its head");
        }
        Transformer adapted = new Transformer(this, described.head(), described.settings());
        try {
            AdapterFolder.read(folder, adapted.requireAdapter());
            return adapted;
        } catch (RuntimeException e) {
            adapted.close();
            throw e;
        }
    }

    /// Writes the adapters of an adapted model as PEFT reads them: `adapter_config.json` and
    /// `adapter_model.safetensors`.
    ///
    /// @param folder is there and holds neither
    /// @param base where the base lies, for whoever loads the adapters
    public void saveAdapter(Path folder, String base) {
        AdapterFolder.write(folder, requireAdapter(), head, base);
    }

    /// The shape of the adapters; empty in a model that has none.
    public Optional<LoraSettings> lora() {
        return Optional.ofNullable(adapter).map(Adapter::settings);
    }

    /// This trunk under a new scalar head: weights N(0, 1 / sqrt(width + 1)), bias 0 (Huang et al.,
    /// 2403.17031).
    public Transformer withScalarHead(long seed) {
        Transformer scalar = withZeroScalarHead();
        FloatRuns.Source weights = FloatRuns.of(InitialWeights.scalarHead(shape.width(), seed));
        FloatRuns.copy(weights, scalar.parameters, layout.trunkSize(), shape.width());
        return scalar;
    }

    /// This trunk under a scalar head that gives 0 everywhere.
    public Transformer withZeroScalarHead() {
        Transformer scalar = new Transformer(shape, Head.SCALAR);
        scalar.take(this, layout.trunkSize());
        return scalar;
    }

    /// Takes over the weights of a model of the same shape and head; neither is adapted.
    public void copyFrom(Transformer other) {
        if (adapter != null || other.adapter != null) {
            throw new IllegalArgumentException("weights go between models without adapters only");
        }
        if (!shape.equals(other.shape) || head != other.head) {
            throw new IllegalArgumentException(
                    "weights of "
                            + other.head
                            + " "
                            + other.shape
                            + " do not fit "
                            + head
                            + " "
                            + shape);
        }
        try (GradientMode _ = GradientMode.off()) {
            parameters.set(new NDIndex(":"), other.parameters);
        }
    }

    /// Makes the bias of the scalar head 0, which moves every scalar alike.
    public void clearScoreBias() {
        requireHead(Head.SCALAR);
        if (adapter == null) {
            FloatRuns.copy(
                    FloatRuns.of(new float[1]),
                    parameters,
                    (long) layout.trunkSize() + shape.width(),
                    1);
        } else {
            adapter.set(ParameterLayout.SCORE_BIAS, FloatRuns.of(new float[1]));
        }
    }

    public ModelShape shape() {
        return shape;
    }

    public Head head() {
        return head;
    }

    /// The manager that owns the parameters; step managers are its children.
    public NDManager manager() {
        return manager;
    }

    /// The live parameters (n); in an adapted model the base's, which stay as they are.
    public NDArray parameters() {
        return parameters;
    }

    /// What an optimizer moves (n): the adapters, and the scalar head with them, of an adapted
    /// model; else every parameter.
    public NDArray trained() {
        return adapter == null ? parameters : adapter.weights();
    }

    /// The first tensor that holds NaN or an infinity; empty: none does.
    public Optional<String> notFinite() {
        for (ParameterLayout.Named tensor : stored.named()) {
            try (NDManager look = manager.newSubManager()) {
                NDIndex values =
                        new NDIndex("{}:{}", tensor.offset(), tensor.offset() + tensor.size());
                NDArray tensorValues = parameters.get(look, values);
                // x - x is 0 where x is finite, and NaN elsewhere
                if (tensorValues.sub(tensorValues).sum().getFloat() != 0) {
                    return Optional.of(tensor.name());
                }
            }
        }
        return Optional.empty();
    }

    /// Refuses the model of a folder whose weights hold NaN or an infinity.
    ///
    /// @throws ModelFolderException names the folder and the first such tensor
    public void requireFinite(Path folder) {
        notFinite()
                .ifPresent(tensor -> {
                    throw new ModelFolderException(
                            folder,
                            "cannot be used: %s holds a value that is not finite"
                                    .formatted(tensor));
                });
    }

    /// Writes what is trained as little-endian floats, in the order in which they lie in memory.
    ///
    /// @param file is not there yet
    public void saveTrained(Path file) {
        TrainedFile.write(file, trained());
    }

    /// Overwrites what is trained in place.
    ///
    /// @throws ModelFolderException if the file holds more or fewer floats
    public void loadTrained(Path file) {
        TrainedFile.read(file, trained());
    }

    /// Logits of the next token at every position of right-padded sequences; recorded for a
    /// backward pass when the thread's gradients are on and the parameters want them.
    ///
    /// @param tokens (batch, time) int64
    /// @return (batch, time, vocabulary), owned by `step`
    public NDArray logits(NDManager step, NDArray tokens) {
        requireHead(Head.LANGUAGE_MODEL);
        Decoder decoder = decoder(step);
        NDArray logits = decoder.logits(decoder.features(tokens, causal(step, tokens.getShape())));
        return logits.reshape(tokens.getShape().addAll(new Shape(shape.vocabularySize())));
    }

    /// The same logits at less cost: nothing is computed for padding, whose logits mean nothing.
    ///
    /// @return (batch, time, vocabulary), owned by `step`
    public NDArray logits(NDManager step, SequenceBatch batch) {
        requireHead(Head.LANGUAGE_MODEL);
        Decoder decoder = decoder(step);
        Packing packing = new Packing(step, batch);
        return packing.padded(decoder.logits(features(step, decoder, packing, batch)))
                .reshape(new Shape(batch.size(), batch.time(), shape.vocabularySize()));
    }

    /// Logits of the token that would follow each sequence, in one pass however long they are.
    ///
    /// @param sequences token ids, two or more each
    /// @return (batch, vocabulary), owned by `step`
    NDArray nextTokenLogits(NDManager step, List<int[]> sequences) {
        requireHead(Head.LANGUAGE_MODEL);
        Decoder decoder = decoder(step);
        SequenceBatch batch = SequenceBatch.ofWhole(sequences, shape.padTokenId());
        Packing packing = new Packing(step, batch);
        NDArray features = features(step, decoder, packing, batch); // (n, width)
        return decoder.logits(packing.last(step, features));
    }

    /// The scalar at every position of right-padded sequences.
    ///
    /// @param tokens (batch, time) int64
    /// @return (batch, time), owned by `step`
    public NDArray scalars(NDManager step, NDArray tokens) {
        requireHead(Head.SCALAR);
        Decoder decoder = decoder(step);
        return decoder.scalars(decoder.features(tokens, causal(step, tokens.getShape())))
                .reshape(tokens.getShape());
    }

    /// The same scalars at less cost: nothing is computed for padding, whose scalars mean nothing.
    ///
    /// @return (batch, time), owned by `step`
    public NDArray scalars(NDManager step, SequenceBatch batch) {
        requireHead(Head.SCALAR);
        Decoder decoder = decoder(step);
        Packing packing = new Packing(step, batch);
        NDArray scalars = decoder.scalars(features(step, decoder, packing, batch)); // (n, 1)
        return packing.padded(scalars).reshape(new Shape(batch.size(), batch.time()));
    }

    @Override
    public void close() {
        manager.close();
    }

    ParameterLayout layout() {
        return layout;
    }

    PositionTables tables() {
        return tables;
    }

    /// The values of one of this model's tensors, adapters and base made one.
    FloatRuns.Source values(ParameterLayout.Named tensor) {
        return adapter == null
                ? FloatRuns.of(parameters, tensor.offset())
                : adapter.merged(parameters, tensor);
    }

    /// The forward pass over views of the present weights.
    Decoder decoder(NDManager step) {
        AdapterViews adapters = adapter == null ? null : adapter.views(step);
        return new Decoder(
                step, shape, StepWeights.of(step, parameters, stored, shape, head, adapters));
    }

    /// The logits of some positions (m, vocabulary).
    NDArray logits(NDManager step, SequenceBatch batch, CompletionRows rows) {
        requireHead(Head.LANGUAGE_MODEL);
        Decoder decoder = decoder(step);
        Packing packing = new Packing(step, batch);
        return decoder.logits(rows.of(features(step, decoder, packing, batch)));
    }

    void requireHead(Head wanted) {
        if (head != wanted) {
            throw new IllegalStateException(
                    "this model has head " + head + "; " + wanted + " is needed here");
        }
    }

    private Transformer adaptedTo(Head wanted, LoraSettings settings, long seed) {
        Transformer adapted = new Transformer(this, wanted, settings);
        adapted.requireAdapter().draw(seed);
        return adapted;
    }

    private Adapter requireAdapter() {
        if (adapter == null) {
            throw new IllegalStateException("this model has no adapters");
        }
        return adapter;
    }

    private void setWhole(String tensor, FloatRuns.Source values) {
        requireAdapter().set(tensor, values);
    }

    /// Takes over the first `size` weights of a model whose layout begins alike.
    private void take(Transformer other, int size) {
        for (ParameterLayout.Named tensor : other.layout.named()) {
            if (tensor.offset() < size) {
                FloatRuns.copy(other.values(tensor), parameters, tensor.offset(), tensor.size());
            }
        }
    }

    private NDArray features(
            NDManager step, Decoder decoder, Packing packing, SequenceBatch batch) {
        Attention attention = packing.around(causal(step, new Shape(batch.size(), batch.time())));
        return decoder.features(packing.tokens(step), attention);
    }

    private Attention causal(NDManager step, Shape tokens) {
        long batch = tokens.get(0);
        int time = Math.toIntExact(tokens.get(1));
        Rotary rotary = tables.rotary(step, time);
        return time > CausalAttention.LONGEST
                ? new FusedAttention(shape, batch, time, rotary)
                : new CausalAttention(shape, batch, time, rotary, tables.causal(step, time));
    }
}

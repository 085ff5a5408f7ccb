package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// AdamW (1711.05101, algorithm 2) on what a model trains, its flat parameters or its adapters,
/// after clipping the gradient by its global norm.
///
/// With gradient g, moments m and v, update number t: `m = beta1 m + (1 - beta1) g`, `v = beta2 v +
/// (1 - beta2) g^2`, `theta = theta - lr weightDecay theta - lr (m / (1 - beta1^t)) / (sqrt(v / (1
/// - beta2^t)) + epsilon)`. Every parameter decays alike, norms and embedding too.
public final class AdamW implements AutoCloseable {

    /// The optimizer's constants.
    ///
    /// @param beta1 decay of the first moment, in [0, 1)
    /// @param beta2 decay of the second moment, in [0, 1)
    /// @param epsilon added to the root of the second moment, above 0
    /// @param weightDecay decoupled decay, 0 or more
    /// @param maxGradientNorm a longer gradient is shortened to this norm, above 0
    public record Settings(
            double beta1,
            double beta2,
            double epsilon,
            double weightDecay,
            double maxGradientNorm) {

        public Settings {
            require(beta1 >= 0 && beta1 < 1, "beta1", beta1, "in [0, 1)");
            require(beta2 >= 0 && beta2 < 1, "beta2", beta2, "in [0, 1)");
            require(epsilon > 0, "epsilon", epsilon, "above 0");
            require(weightDecay >= 0, "weightDecay", weightDecay, "0 or more");
            require(maxGradientNorm > 0, "maxGradientNorm", maxGradientNorm, "above 0");
        }

        private static void require(boolean holds, String name, double value, String range) {
            if (!holds) {
                throw new IllegalArgumentException(name + " is " + value + "; it must be " + range);
            }
        }
    }

    /// What one update saw.
    ///
    /// @param loss the loss before the update
    /// @param gradientNorm global norm of the gradient before clipping
    public record StepResult(double loss, double gradientNorm) {}

    /// Everything in one pass over the weights, the gradient divided by `shrink` first.
    private static final TorchFormula UPDATE =
            TorchFormula.of(
                    "weights: List[Tensor], gradient: List[Tensor], first: List[Tensor],"
                            + " second: List[Tensor], t: List[Tensor], shrink: Tensor,"
                            + " rate: float, beta1: float, beta2: float, decay: float,"
                            + " epsilon: float",
                    """
                    torch._fused_adamw_(weights, gradient, first, second,
                        annotate(List[Tensor], []), t, lr=rate, beta1=beta1, beta2=beta2,
                        weight_decay=decay, eps=epsilon, amsgrad=False, maximize=False,
                        grad_scale=shrink, found_inf=None)
                    return weights[0]
                    """);

    private static final String FIRST_MOMENT = "first_moment";
    private static final String SECOND_MOMENT = "second_moment";
    private static final String UPDATES = "updates";

    private final Transformer model;
    private final Settings settings;
    private final NDManager manager;
    private NDArray firstMoment; // (n)
    private NDArray secondMoment; // (n)
    private long updates;

    public AdamW(Transformer model, Settings settings) {
        this.model = model;
        this.settings = settings;
        this.manager = model.manager().newSubManager();
        Shape flat = model.trained().getShape();
        this.firstMoment = manager.zeros(flat);
        this.secondMoment = manager.zeros(flat);
        model.trained().setRequiresGradient(true);
    }

    /// One optimizer update: `loss` runs with gradients on inside a manager of its own, and
    /// everything of the step is closed when this returns.
    ///
    /// @param loss gives the scalar loss of the model's present weights
    /// @throws ArithmeticException if loss or gradient is not finite; the weights are then as
    ///   before
    public StepResult step(double learningRate, Function<NDManager, NDArray> loss) {
        return step(learningRate, List.of(loss));
    }

    /// The same of a loss that is the sum of several, such as those of micro-batches: each goes
    /// forward and backward in a manager of its own and their gradients add up, so that no more
    /// than one of them is in memory.
    public StepResult step(
            double learningRate, List<? extends Function<NDManager, NDArray>> losses) {
        double loss = 0;
        boolean gradient = false;
        try {
            for (Function<NDManager, NDArray> part : losses) {
                try (NDManager step = model.manager().newSubManager()) {
                    NDArray value = forward(step, part);
                    gradient = true;
                    loss += backward(step, value);
                }
            }
            try (NDManager step = model.manager().newSubManager()) {
                return update(step, learningRate, loss);
            }
        } finally {
            if (gradient) {
                JniUtils.zeroGrad((PtNDArray) model.trained());
            }
        }
    }

    /// Optimizer updates made so far.
    public long updates() {
        return updates;
    }

    /// Writes the exact state: both moments and the count of updates.
    public void save(Path file) {
        long[] shape = {model.trained().size()};
        SafetensorsWriter.write(
                file,
                List.of(
                        new SafetensorsWriter.Tensor(
                                FIRST_MOMENT, shape, FloatRuns.of(firstMoment, 0)),
                        new SafetensorsWriter.Tensor(
                                SECOND_MOMENT, shape, FloatRuns.of(secondMoment, 0))),
                WeightType.FLOAT32,
                Map.of(UPDATES, Long.toString(updates)));
    }

    /// Goes on from a saved state of a model of the same size.
    public void load(Path file) {
        try (Safetensors saved = Safetensors.open(file)) {
            NDArray first = moment(file, saved, FIRST_MOMENT);
            NDArray second = moment(file, saved, SECOND_MOMENT);
            String count = saved.metadata().get(UPDATES);
            if (count == null || !count.matches("[0-9]{1,18}")) {
                throw new ModelFolderException(
                        file, "metadata key " + UPDATES + " is missing or no count");
            }
            firstMoment.close();
            secondMoment.close();
            firstMoment = first;
            secondMoment = second;
            updates = Long.parseLong(count);
        }
    }

    @Override
    public void close() {
        manager.close();
    }

    private static NDArray forward(NDManager step, Function<NDManager, NDArray> loss) {
        try (GradientMode _ = GradientMode.on()) {
            NDArray value = loss.apply(step);
            if (value.size() != 1) {
                throw new IllegalArgumentException(
                        "the loss has shape " + value.getShape() + "; it must be one number");
            }
            return value;
        }
    }

    private static double backward(NDManager step, NDArray loss) {
        try (GradientMode _ = GradientMode.on()) {
            JniUtils.backward(
                    (PtNDArray) loss, (PtNDArray) step.ones(loss.getShape()), false, false);
            return loss.toFloatArray()[0];
        }
    }

    private StepResult update(NDManager step, double learningRate, double loss) {
        NDArray parameters = model.trained();
        NDArray gradient = parameters.getGradient();
        gradient.attach(step);
        double norm = FlatNorm.of(step, gradient);
        if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
            throw new ArithmeticException(
                    "update "
                            + (updates + 1)
                            + " has loss "
                            + loss
                            + " and gradient norm "
                            + norm
                            + "; it was not made");
        }
        updates++;
        double shrink = // as torch.nn.utils.clip_grad_norm_
                Math.max(1, (norm + 1e-6) / settings.maxGradientNorm());
        UPDATE.run(
                IValue.listFrom((PtNDArray) parameters),
                IValue.listFrom((PtNDArray) gradient),
                IValue.listFrom((PtNDArray) firstMoment),
                IValue.listFrom((PtNDArray) secondMoment),
                IValue.listFrom((PtNDArray) step.full(new Shape(1), (float) updates)),
                IValue.from((PtNDArray) step.full(new Shape(1), (float) shrink)),
                IValue.from(learningRate),
                IValue.from(settings.beta1()),
                IValue.from(settings.beta2()),
                IValue.from(settings.weightDecay()),
                IValue.from(settings.epsilon()));
        return new StepResult(loss, norm);
    }

    private NDArray moment(Path file, Safetensors saved, String name) {
        long size = saved.size(name);
        if (size != model.trained().size()) {
            throw new ModelFolderException(
                    file,
                    "tensor "
                            + name
                            + " has "
                            + size
                            + " values, the model trains "
                            + model.trained().size());
        }
        NDArray moment = manager.zeros(new Shape(size));
        FloatRuns.copy(saved.read(name), moment, 0, size);
        return moment;
    }
}

package rlaif.trainers;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import rlaif.events.Checkpoint;
import rlaif.models.CheckpointStore;
import rlaif.models.Transformer;

/// A model that a trainer moves: every weight of it, or adapters beside a frozen base.
///
/// The base is there once: policy, its reference and a value model that begin from the same
/// checkpoint share it.
final class TrainedModel implements AutoCloseable {
    private static final String BASE = "adapter-base.json";

    private final Transformer model;
    private final @Nullable AdapterBase origin;
    private final @Nullable Transformer base;
    private final boolean ownsBase;

    private TrainedModel(
            Transformer model,
            @Nullable AdapterBase origin,
            @Nullable Transformer base,
            boolean ownsBase) {
        this.model = model;
        this.origin = origin;
        this.base = base;
        this.ownsBase = ownsBase;
    }

    /// A policy or reward model that begins as the checkpoint, head included.
    static TrainedModel likeCheckpoint(
            CheckpointStore store, Checkpoint from, TrainedWeights weights, long seed) {
        return switch (weights) {
            case TrainedWeights.Every() -> whole(load(store, AdapterBase.of(from)));
            case TrainedWeights.Adapters(var shape) ->
                    adapted(store, AdapterBase.of(from), base -> base.adapted(shape, seed));
        };
    }

    /// A reward model that begins as the checkpoint's trunk under a new head.
    static TrainedModel rewardModel(
            CheckpointStore store, Checkpoint from, TrainedWeights weights, long seed) {
        return switch (weights) {
            case TrainedWeights.Every() -> {
                try (Transformer trunk = load(store, AdapterBase.of(from))) {
                    yield whole(trunk.withScalarHead(seed));
                }
            }
            case TrainedWeights.Adapters(var shape) ->
                    adapted(
                            store,
                            AdapterBase.of(from),
                            base -> base.adaptedWithScalarHead(shape, seed));
        };
    }

    /// A value model that begins as the checkpoint's trunk under a head of zeros.
    ///
    /// @param policy whose base it shares where that is the same checkpoint; closed after it
    static TrainedModel valueModel(
            CheckpointStore store,
            Checkpoint from,
            TrainedWeights weights,
            long seed,
            TrainedModel policy) {
        return switch (weights) {
            case TrainedWeights.Every() -> {
                try (Transformer trunk = load(store, AdapterBase.of(from))) {
                    yield whole(trunk.withZeroScalarHead());
                }
            }
            case TrainedWeights.Adapters(var shape) ->
                    policy.base(from)
                            .map(base ->
                                    new TrainedModel(
                                            base.adaptedWithZeroScalarHead(shape, seed),
                                            AdapterBase.of(from),
                                            base,
                                            false))
                            .orElseGet(() ->
                                    adapted(
                                            store,
                                            AdapterBase.of(from),
                                            base -> base.adaptedWithZeroScalarHead(shape, seed)));
        };
    }

    /// The model of a checkpoint as it was when the trainer stored it that goes on from there.
    ///
    /// @throws IllegalArgumentException if that trainer trained other weights
    static TrainedModel resumed(CheckpointStore store, Checkpoint head, TrainedWeights weights) {
        Path folder = store.openWhole(head.getUri(), head.getDigest());
        Optional<AdapterBase> base = AdapterBase.load(folder.resolve("trainer").resolve(BASE));
        return switch (weights) {
            case TrainedWeights.Every() -> {
                requireSame(base.isEmpty(), head, "adapters");
                yield whole(Transformer.load(folder));
            }
            case TrainedWeights.Adapters(var shape) -> {
                requireSame(base.isPresent(), head, "every weight");
                TrainedModel resumed =
                        adapted(
                                store,
                                base.orElseThrow(),
                                under -> under.adapted(folder.resolve(CheckpointStore.ADAPTER)));
                try {
                    requireSame(
                            resumed.model.lora().equals(Optional.of(shape)),
                            head,
                            "adapters of " + resumed.model.lora().orElseThrow());
                } catch (IllegalArgumentException other) {
                    resumed.close();
                    throw other;
                }
                yield resumed;
            }
        };
    }

    private static void requireSame(boolean same, Checkpoint head, String trained) {
        if (!same) {
            throw new IllegalArgumentException(
                    "%s version %d of policy %s was trained on %s; set lora.rank, lora.alpha and lora.targets as they were, or start another policy.name under a topics.prefix of its own"
                            .formatted(
                                    head.getRole(), head.getVersion(), head.getPolicy(), trained));
        }
    }

    private static TrainedModel whole(Transformer model) {
        return new TrainedModel(model, null, null, false);
    }

    private static TrainedModel adapted(
            CheckpointStore store, AdapterBase origin, Function<Transformer, Transformer> adapt) {
        Transformer base = load(store, origin);
        try {
            return new TrainedModel(adapt.apply(base), origin, base, true);
        } catch (RuntimeException e) {
            base.close();
            throw e;
        }
    }

    private static Transformer load(CheckpointStore store, AdapterBase checkpoint) {
        return Transformer.load(store.open(checkpoint.uri(), checkpoint.digest()));
    }

    Transformer model() {
        return model;
    }

    /// Beside which checkpoint adapters are trained; empty: every weight is.
    Optional<AdapterBase> origin() {
        return Optional.ofNullable(origin);
    }

    /// The frozen weights under the adapters, where they are this checkpoint's.
    Optional<Transformer> base(Checkpoint checkpoint) {
        return AdapterBase.of(checkpoint).equals(origin)
                ? Optional.ofNullable(base)
                : Optional.empty();
    }

    /// `facts`, and the checkpoint of the base where there is one.
    Map<String, Object> facts(Map<String, Object> facts) {
        if (origin == null) {
            return facts;
        }
        Map<String, Object> all = new HashMap<>(facts);
        all.put(CheckpointStore.ADAPTER_BASE, origin.uri());
        return all;
    }

    /// Writes what a resume needs beside model and adapters.
    void save(Path trainerFiles) {
        if (origin != null) {
            origin.save(trainerFiles.resolve(BASE));
        }
    }

    @Override
    public void close() {
        model.close();
        if (base != null && ownsBase) {
            base.close();
        }
    }
}

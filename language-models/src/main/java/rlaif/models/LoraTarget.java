package rlaif.models;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// A matrix of each decoder layer that low-rank adapters may be put beside.
public enum LoraTarget {
    Q_PROJ("self_attn"),
    K_PROJ("self_attn"),
    V_PROJ("self_attn"),
    O_PROJ("self_attn"),
    GATE_PROJ("mlp"),
    UP_PROJ("mlp"),
    DOWN_PROJ("mlp");

    private final String block;

    LoraTarget(String block) {
        this.block = block;
    }

    /// As Transformers and PEFT call it, such as `q_proj`.
    public String moduleName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The target of that name; with its block before it, as in `self_attn.q_proj`, too.
    public static Optional<LoraTarget> of(String name) {
        return Arrays.stream(values())
                .filter(target -> name.equals(target.moduleName()) || name.equals(target.path()))
                .findFirst();
    }

    /// Its name within a layer.
    String path() {
        return block + "." + moduleName();
    }
}

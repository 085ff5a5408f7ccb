package rlaif.models;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;

/// A family of decoders that this code computes exactly, under the names Transformers has for it.
public enum Architecture {
    /// Llama (2302.13971) and what is laid out alike: Llama 2 and 3, SmolLM and SmolLM2, TinyLlama.
    LLAMA("llama", "Llama"),
    /// Qwen2 and Qwen2.5 (2407.10671): a bias on query, key and value.
    QWEN2("qwen2", "Qwen2"),
    /// Qwen3 (2505.09388): RMSNorm of every query and key head.
    QWEN3("qwen3", "Qwen3");

    private final String modelType;
    private final String className;

    Architecture(String modelType, String className) {
        this.modelType = modelType;
        this.className = className;
    }

    /// `model_type` of a `config.json`.
    public String modelType() {
        return modelType;
    }

    /// The class in a `config.json`'s `architectures`.
    public String className(Head head) {
        return className
                + switch (head) {
                    case LANGUAGE_MODEL -> "ForCausalLM";
                    case SCALAR -> "ForSequenceClassification";
                };
    }

    static Optional<Architecture> of(String modelType) {
        return Arrays.stream(values()).filter(a -> a.modelType.equals(modelType)).findFirst();
    }

    /// The supported family whose name begins most like `unknown`.
    static Architecture nearest(String unknown) {
        return Arrays.stream(values())
                .max(Comparator.comparingInt(known -> alike(known.modelType, unknown)))
                .orElseThrow();
    }

    private static int alike(String known, String unknown) {
        int alike = 0;
        while (alike < Math.min(known.length(), unknown.length())
                && known.charAt(alike) == unknown.charAt(alike)) {
            alike++;
        }
        return alike == unknown.length() || alike == known.length() ? 2 * alike : alike;
    }
}

package rlaif.trainers;

import java.nio.file.Path;
import rlaif.models.ModelShape;
import rlaif.models.Tokenizer;

/// Where policy version 0 comes from.
public sealed interface PolicyOrigin {
    /// A new model of `shape`, trained on demonstrations.
    record Trained(ModelShape shape, Tokenizer tokenizer, Demonstrations demonstrations)
            implements PolicyOrigin {
        public Trained {
            requireFit(tokenizer, shape, "the configured shape");
        }
    }

    /// An existing Llama-shaped Hugging Face folder, taken as it is; `tokenizer.json` lies in it.
    record Adopted(Path modelFolder) implements PolicyOrigin {}

    /// The same, trained on demonstrations first.
    record FineTuned(Path modelFolder, Demonstrations demonstrations) implements PolicyOrigin {}

    /// Refuses a tokenizer whose ids the model has no row for.
    static void requireFit(Tokenizer tokenizer, ModelShape shape, String model) {
        if (tokenizer.vocabularySize() > shape.vocabularySize()) {
            throw new IllegalArgumentException(
                    "the tokenizer %s has %d tokens, but %s has rows for %d: use the tokenizer.json that belongs to the model"
                            .formatted(
                                    tokenizer.file(),
                                    tokenizer.vocabularySize(),
                                    model,
                                    shape.vocabularySize()));
        }
    }
}

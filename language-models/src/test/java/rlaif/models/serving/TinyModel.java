package rlaif.models.serving;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;

/// The golden model and its tokenizer of 29 tokens, 32 positions.
final class TinyModel {

    private TinyModel() {}

    static ServedModel served(String version) {
        return new ServedModel("tiny", version, model(), tokenizer(), ChatFormat.PLAIN);
    }

    static Transformer model() {
        return Transformer.load(resource("/golden/language-model"));
    }

    static Tokenizer tokenizer() {
        return Tokenizer.load(resource("/tokenizer"));
    }

    private static Path resource(String name) {
        try {
            return Path.of(Objects.requireNonNull(TinyModel.class.getResource(name), name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}

package rlaif.models;

import java.util.Map;
import java.util.TreeMap;

/// The `README.md` of a checkpoint: what the model is, in the form Hugging Face shows.
final class ModelCard {

    private ModelCard() {}

    static String text(String role, long version, Transformer model, Map<String, Object> facts) {
        ModelShape shape = model.shape();
        StringBuilder lines = new StringBuilder();
        for (Map.Entry<String, Object> fact : new TreeMap<>(facts).entrySet()) {
            lines.append("| ")
                    .append(fact.getKey())
                    .append(" | ")
                    .append(fact.getValue())
                    .append(" |\n");
        }
        return """
        ---
        library_name: transformers
        tags:
        - rlaif
        ---
        # %s, version %d

        A decoder of the %s family trained by rlaif-streams, with %s.

        | | |
        |---|---|
        | parameters | %d |
        | vocabulary | %d |
        | width, layers | %d, %d |
        | heads, key-value heads, head width | %d, %d, %d |
        | feed-forward width | %d |
        | longest sequence, tokens | %d |
        %s
        `manifest.json` holds the SHA-256 of every file.
        """
                .formatted(
                        role,
                        version,
                        shape.variant().architecture().modelType(),
                        switch (model.head()) {
                            case LANGUAGE_MODEL ->
                                    shape.variant().tiedHead()
                                            ? "a language-model head tied to the embedding"
                                            : "a language-model head";
                            case SCALAR -> "a scalar head (`score.weight`)";
                        },
                        model.layout().size(),
                        shape.vocabularySize(),
                        shape.width(),
                        shape.layers(),
                        shape.heads(),
                        shape.keyValueHeads(),
                        shape.headWidth(),
                        shape.feedForwardWidth(),
                        shape.maxPositions(),
                        lines);
    }
}

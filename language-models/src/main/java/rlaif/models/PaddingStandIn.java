package rlaif.models;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The token that pads in place of an end token, which a model folder names for padding.
///
/// @param named the end token
/// @param chosen ends nothing
public record PaddingStandIn(Path folder, int named, int chosen) {
    /// What the files of a model folder ask for; empty: what they pad with ends nothing.
    ///
    /// @throws ModelFolderException if they name no end token, or nothing that could stand in
    public static Optional<PaddingStandIn> in(Path folder) {
        ObjectNode config =
                JsonFile.read(folder.resolve(ModelFolder.CONFIG), ModelConfigReader.LARGEST_BYTES);
        Path tokenizer = folder.resolve(Tokenizer.FILE);
        Optional<Vocabulary> vocabulary =
                Files.exists(tokenizer)
                        ? Optional.of(Vocabulary.read(tokenizer))
                        : Optional.empty();
        return FolderTokens.read(folder, config, vocabulary).standIn();
    }

    /// What it means, and how to choose another.
    public String text() {
        return "%s pads with token %d, which ends a text too: token %d pads instead, which changes no result; to choose, name a token that ends nothing as pad_token_id in %s"
                .formatted(folder, named, chosen, ModelFolder.CONFIG);
    }
}

package rlaif.models.serving;

import java.nio.file.Path;
import java.time.Instant;
import rlaif.models.TokenBytes;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;

/// A model that answers, under the name that clients ask for, with its tokenizer and chat format;
/// closed when it is replaced and the last call that uses it has ended.
public final class ServedModel {

    private final String name;
    private final String version;
    private final Instant loaded = Instant.now();
    private final Transformer transformer;
    private final Tokenizer tokenizer;
    private final TokenBytes bytes;
    private final ChatFormat format;
    private int users = 1; // who serves it, and each call

    /// @param name what clients ask for
    /// @param version which weights these are, in every reply as `system_fingerprint`
    public ServedModel(
            String name,
            String version,
            Transformer transformer,
            Tokenizer tokenizer,
            ChatFormat format) {
        this.name = name;
        this.version = version;
        this.transformer = transformer;
        this.tokenizer = tokenizer;
        this.bytes = tokenizer.bytes();
        this.format = format;
    }

    /// The model in a Hugging Face folder.
    ///
    /// @throws rlaif.models.ModelFolderException if the folder holds no model of a supported kind
    public static ServedModel load(String name, String version, Path folder, ChatFormat format) {
        Tokenizer tokenizer = Tokenizer.load(folder);
        try {
            return new ServedModel(
                    name, version, Transformer.loadFinite(folder), tokenizer, format);
        } catch (RuntimeException unusable) {
            tokenizer.close();
            throw unusable;
        }
    }

    public String name() {
        return name;
    }

    public String version() {
        return version;
    }

    Instant loaded() {
        return loaded;
    }

    Transformer transformer() {
        return transformer;
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    TokenBytes bytes() {
        return bytes;
    }

    ChatFormat format() {
        return format;
    }

    int maxPositions() {
        return transformer.shape().maxPositions();
    }

    /// Keeps it open until released; false when it is closed already.
    synchronized boolean retain() {
        if (users == 0) {
            return false;
        }
        users++;
        return true;
    }

    synchronized void release() {
        users--;
        if (users == 0) {
            transformer.close();
            tokenizer.close();
        }
    }
}

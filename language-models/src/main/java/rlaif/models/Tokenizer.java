package rlaif.models;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Text to token ids and back, as a Hugging Face `tokenizer.json` says. Safe for several threads.
public final class Tokenizer implements AutoCloseable {

    static final String FILE = "tokenizer.json";

    private final Path file;
    private final String digest;
    private final int vocabularySize;
    private final ReservedTokens reserved;
    private final HuggingFaceTokenizer tokenizer;

    private Tokenizer(
            Path file,
            String digest,
            int vocabularySize,
            ReservedTokens reserved,
            HuggingFaceTokenizer tokenizer) {
        this.file = file;
        this.digest = digest;
        this.vocabularySize = vocabularySize;
        this.reserved = reserved;
        this.tokenizer = tokenizer;
    }

    /// Loads the folder's `tokenizer.json`.
    ///
    /// @throws ModelFolderException if the file is missing or no tokenizer
    public static Tokenizer load(Path folder) {
        TensorThread.keepOffline();
        Path file = folder.resolve(FILE);
        JsonNode json = read(file);
        int size = vocabularySize(file, json);
        try {
            HuggingFaceTokenizer tokenizer =
                    HuggingFaceTokenizer.newInstance(
                            file,
                            Map.of(
                                    "addSpecialTokens",
                                    "false",
                                    "truncation",
                                    "false",
                                    "padding",
                                    "false"));
            return new Tokenizer(file, Digests.of(file), size, ReservedTokens.of(json), tokenizer);
        } catch (IOException | RuntimeException e) {
            throw new ModelFolderException(
                    file, "is no tokenizer that can be used: " + e.getMessage(), e);
        }
    }

    /// The ids of a text alone: what the file's post-processor would put around it is left away.
    public int[] encode(String text) {
        return ids(tokenizer.encode(text, false, false).getIds());
    }

    /// The ids of a text that a model is to continue: with what the file's post-processor puts
    /// around it, such as a token that begins a text.
    public int[] encodePrompt(String text) {
        return ids(tokenizer.encode(text, true, false).getIds());
    }

    /// The text of token ids; special tokens are skipped.
    public String decode(int[] tokens) {
        return decode(tokens, true);
    }

    /// The text of token ids with special tokens shown by their names.
    public String decodeAll(int[] tokens) {
        return decode(tokens, false);
    }

    private String decode(int[] tokens, boolean skipSpecial) {
        long[] ids = new long[tokens.length];
        for (int i = 0; i < tokens.length; i++) {
            ids[i] = tokens[i];
        }
        return tokenizer.decode(ids, skipSpecial);
    }

    /// Whether a token stands for a word outside the vocabulary.
    public boolean isUnknown(int token) {
        return reserved.unknown().isPresent() && reserved.unknown().getAsInt() == token;
    }

    /// Whether a token is no text: an end, a turn, padding.
    public boolean isSpecial(int token) {
        return reserved.special().contains(token);
    }

    /// One more than the largest token id.
    public int vocabularySize() {
        return vocabularySize;
    }

    /// SHA-256 of `tokenizer.json`, hexadecimal.
    public String digest() {
        return digest;
    }

    /// The `tokenizer.json` this was loaded from.
    public Path file() {
        return file;
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    private static int[] ids(long[] ids) {
        int[] tokens = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            tokens[i] = Math.toIntExact(ids[i]);
        }
        return tokens;
    }

    private static JsonNode read(Path file) {
        try {
            return new ObjectMapper().readTree(Files.readString(file));
        } catch (IOException e) {
            throw new ModelFolderException(file, "is missing or no JSON", e);
        }
    }

    private static int vocabularySize(Path file, JsonNode json) {
        JsonNode vocabulary = json.path("model").path("vocab");
        if (!vocabulary.isContainerNode()) {
            throw new ModelFolderException(file, "key model.vocab is missing");
        }
        int largest = vocabulary.isArray() ? vocabulary.size() - 1 : -1;
        if (vocabulary.isObject()) {
            for (JsonNode id : vocabulary) {
                largest = Math.max(largest, id.asInt());
            }
        }
        for (JsonNode added : json.path("added_tokens")) {
            largest = Math.max(largest, added.path("id").asInt());
        }
        return largest + 1;
    }
}

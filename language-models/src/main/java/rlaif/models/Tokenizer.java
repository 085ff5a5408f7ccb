package rlaif.models;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;

/// Text to token ids and back, as a Hugging Face `tokenizer.json` says. Safe for several threads.
public final class Tokenizer implements AutoCloseable {

    static final String FILE = "tokenizer.json";

    private final Path file;
    private final String digest;
    private final Vocabulary vocabulary;
    private final TokenizerConfig config;
    private final HuggingFaceTokenizer tokenizer;

    private Tokenizer(
            Path file,
            String digest,
            Vocabulary vocabulary,
            TokenizerConfig config,
            HuggingFaceTokenizer tokenizer) {
        this.file = file;
        this.digest = digest;
        this.vocabulary = vocabulary;
        this.config = config;
        this.tokenizer = tokenizer;
    }

    /// Loads the folder's `tokenizer.json`, and what the files beside it add.
    ///
    /// @throws ModelFolderException if the file is missing or no tokenizer
    public static Tokenizer load(Path folder) {
        TensorThread.keepOffline();
        Path file = folder.resolve(FILE);
        Vocabulary vocabulary = Vocabulary.read(file);
        TokenizerConfig config = TokenizerConfig.read(folder);
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
            return new Tokenizer(file, Digests.of(file), vocabulary, config, tokenizer);
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
        return vocabulary.unknown().equals(OptionalInt.of(token));
    }

    /// Whether a token is no text: an end, a turn, padding.
    public boolean isSpecial(int token) {
        return vocabulary.special().containsValue(token);
    }

    /// One more than the largest token id.
    public int vocabularySize() {
        return vocabulary.size();
    }

    /// The token that begins a text (`bos_token`), where the files name one.
    OptionalInt beginTokenId() {
        return vocabulary.id(config.begin());
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
}

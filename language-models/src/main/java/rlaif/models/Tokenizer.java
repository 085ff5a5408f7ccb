package rlaif.models;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;

/// Text to token ids and back, as a Hugging Face `tokenizer.json` says. Safe for several threads,
/// closing included: it waits for the calls under way, and later ones throw {@link
/// IllegalStateException}.
public final class Tokenizer implements AutoCloseable {

    static final String FILE = "tokenizer.json";

    private final Path file;
    private final String digest;
    private final Vocabulary vocabulary;
    private final TokenizerConfig config;
    private final Optional<ChatTemplate> template;
    private final HuggingFaceTokenizer tokenizer; // native: used and freed under `use`
    private final ReadWriteLock use = new ReentrantReadWriteLock(); // read: in use; write: freed
    private boolean closed; // guarded by `use`

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
        this.template = ChatTemplate.of(config, Clock.systemUTC());
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
        return ids(used(open -> open.encode(text, false, false).getIds()));
    }

    /// The ids of a prompt: where the folder has a chat template, of the text that it makes of the
    /// prompt; else of the prompt as it stands, with what the file's post-processor puts around it,
    /// such as a token that begins a text. Names of special tokens in it are these tokens.
    ///
    /// @param prompt what a user says, or a chat as {@link ChatMessage#chat} reads it
    /// @throws PromptRefusedException if the chat template does not take it
    public int[] encodePrompt(String prompt) {
        return encodePrompt(prompt, "");
    }

    /// The same of a prompt whose completion has begun.
    public int[] encodePrompt(String prompt, String begun) {
        Optional<List<ChatMessage>> chat = ChatMessage.chat(prompt);
        if (template.isEmpty() && chat.isEmpty()) {
            return encodeVerbatim(prompt + begun);
        }
        List<ChatMessage> messages =
                chat.orElseGet(() -> List.of(new ChatMessage(ChatMessage.Role.USER, prompt)));
        return encode(promptText(messages) + begun);
    }

    /// The ids of a chat's prompt.
    ///
    /// @throws PromptRefusedException if there is no chat template, or it does not take it
    public int[] encodePrompt(List<ChatMessage> messages) {
        return encode(promptText(messages));
    }

    /// The text that the chat template makes of a chat, up to where the answer begins.
    ///
    /// @throws PromptRefusedException if there is no chat template, or it does not take it
    public String promptText(List<ChatMessage> messages) {
        return template.orElseThrow(() ->
                        new PromptRefusedException(
                                "the prompt is a chat, and "
                                        + file.getParent()
                                        + " has no chat template"))
                .render(messages, true);
    }

    /// Whether prompts go through a chat template.
    public boolean hasChatTemplate() {
        return template.isPresent();
    }

    /// The ids of a text that a model is to continue as it stands, with what the file's
    /// post-processor puts around it.
    public int[] encodeVerbatim(String text) {
        return ids(used(open -> open.encode(text, true, false).getIds()));
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
        return used(open -> open.decode(ids, skipSpecial));
    }

    private <T> T used(Function<HuggingFaceTokenizer, T> call) {
        use.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the tokenizer of " + file + " is closed");
            }
            return call.apply(tokenizer);
        } finally {
            use.readLock().unlock();
        }
    }

    /// The bytes of its tokens, made anew by every call.
    public TokenBytes bytes() {
        return new TokenBytes(vocabulary);
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

    /// The keys of `tokenizer.json` by which text becomes other token ids, or ids another text,
    /// than with `other`; none: the two are one tokenizer, however each file is written.
    public List<String> differences(Tokenizer other) {
        return digest.equals(other.digest)
                ? List.of()
                : TokenizerRules.read(file).differences(TokenizerRules.read(other.file));
    }

    /// The `tokenizer.json` this was loaded from.
    public Path file() {
        return file;
    }

    @Override
    public void close() {
        use.writeLock().lock();
        try {
            closed = true;
            tokenizer.close();
        } finally {
            use.writeLock().unlock();
        }
    }

    private static int[] ids(long[] ids) {
        int[] tokens = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            tokens[i] = Math.toIntExact(ids[i]);
        }
        return tokens;
    }
}

package rlaif.models.serving;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import rlaif.models.Tokenizer;

/// The text of a completion as its tokens come, each token's piece in the place where it stands.
///
/// A token that ends inside a character has an empty piece; the token that completes the character
/// has all of it.
final class TokenText {

    private static final char INCOMPLETE = '\uFFFD';

    private final Tokenizer tokenizer;
    private int[] tokens = new int[16];
    private int size;
    private int from; // where the decoded window begins
    private int shown; // tokens whose text has been given

    TokenText(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /// Adds a token and gives what it adds to the text.
    String add(int token) {
        if (size == tokens.length) {
            tokens = Arrays.copyOf(tokens, size * 2);
        }
        tokens[size++] = token;
        String before = tokenizer.decode(Arrays.copyOfRange(tokens, from, shown));
        String now = tokenizer.decode(Arrays.copyOfRange(tokens, from, size));
        if (now.length() <= before.length() || now.charAt(now.length() - 1) == INCOMPLETE) {
            return "";
        }
        from = shown;
        shown = size;
        return now.substring(before.length());
    }

    /// What is left of a character that never was completed.
    String rest() {
        String before = tokenizer.decode(Arrays.copyOfRange(tokens, from, shown));
        String now = tokenizer.decode(Arrays.copyOfRange(tokens, from, size));
        shown = size;
        return now.length() > before.length() ? now.substring(before.length()) : "";
    }

    /// What each token would add if it came next, special tokens by their names.
    List<String> peek(int[] candidates) {
        int[] window = Arrays.copyOfRange(tokens, from, size + 1);
        String before = tokenizer.decodeAll(Arrays.copyOf(window, size - from));
        List<String> pieces = new ArrayList<>(candidates.length);
        for (int token : candidates) {
            window[size - from] = token;
            String now = tokenizer.decodeAll(window);
            pieces.add(now.length() > before.length() ? now.substring(before.length()) : "");
        }
        return pieces;
    }
}

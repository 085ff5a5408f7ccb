package rlaif.judging.local;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import rlaif.models.ModelFolderException;
import rlaif.models.Tokenizer;

/// The token ids that spell a label right after a judge prompt: "1", and with a space before it.
///
/// @param ids at least 1; the first is the one that follows the prompt without a space, where there
///   is one
record LabelIds(String label, Set<Integer> ids) {

    /// @param judgePrompt any prompt of the template: what matters is how it ends
    /// @throws ModelFolderException if no single token spells the label
    static LabelIds find(Tokenizer tokenizer, String judgePrompt, String label) {
        Set<Integer> ids = single(tokenizer, judgePrompt, label);
        if (ids.isEmpty()) {
            int[] alone = tokenizer.encode(label);
            throw new ModelFolderException(
                    tokenizer.file(),
                    alone.length > 1
                            ? "splits the label \"%s\" into %d tokens; a local judge reads one token a label: use a model whose tokenizer keeps it whole"
                                    .formatted(label, alone.length)
                            : "has no token for the label \"%s\"; a local judge reads one token a label: use a model whose tokenizer knows it"
                                    .formatted(label));
        }
        return new LabelIds(label, ids);
    }

    /// The same; empty where no single token spells the label.
    static Optional<LabelIds> findSingle(Tokenizer tokenizer, String judgePrompt, String label) {
        Set<Integer> ids = single(tokenizer, judgePrompt, label);
        return ids.isEmpty() ? Optional.empty() : Optional.of(new LabelIds(label, ids));
    }

    /// Probability in [0, 1] of the label, its ids summed.
    double mass(float[] logprobs) {
        double mass = 0;
        for (int id : ids) {
            mass += Math.exp(logprobs[id]);
        }
        return mass;
    }

    int first() {
        return ids.iterator().next();
    }

    private static Set<Integer> single(Tokenizer tokenizer, String judgePrompt, String label) {
        Set<Integer> ids = new LinkedHashSet<>();
        for (String surface : new String[] {label, " " + label}) {
            int[] following = following(tokenizer, judgePrompt, surface);
            for (int[] tokens : new int[][] {following, tokenizer.encode(surface)}) {
                if (tokens.length == 1 && tokenizer.decode(tokens).strip().equals(label)) {
                    ids.add(tokens[0]); // an unknown token has no text, and does not pass
                }
            }
        }
        return ids;
    }

    /// The tokens that `text` adds to a prompt; empty where it changes the prompt's own.
    static int[] following(Tokenizer tokenizer, String prompt, String text) {
        int[] before = tokenizer.encodePrompt(prompt);
        int[] after = tokenizer.encodePrompt(prompt, text);
        int same = Arrays.mismatch(before, after);
        return same == before.length ? Arrays.copyOfRange(after, same, after.length) : new int[0];
    }
}

package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Sequences of a prompt and a completion each, padded right to one length.
///
/// @param prompts token ids, one array a sequence, none empty
/// @param completions token ids, one array a sequence, none empty
/// @param padTokenId fills what is shorter than the longest
public record SequenceBatch(List<int[]> prompts, List<int[]> completions, int padTokenId) {

    public SequenceBatch {
        if (prompts.isEmpty() || prompts.size() != completions.size()) {
            throw new IllegalArgumentException(
                    prompts.size()
                            + " prompts and "
                            + completions.size()
                            + " completions are no batch");
        }
        for (int i = 0; i < prompts.size(); i++) {
            if (prompts.get(i).length == 0 || completions.get(i).length == 0) {
                throw new IllegalArgumentException(
                        "sequence " + i + " has an empty prompt or completion");
            }
        }
    }

    /// Sequences whose last token alone counts as completion.
    ///
    /// @param sequences token ids, two or more each
    static SequenceBatch ofWhole(List<int[]> sequences, int padTokenId) {
        List<int[]> prompts = new ArrayList<>(sequences.size());
        List<int[]> lasts = new ArrayList<>(sequences.size());
        for (int[] sequence : sequences) {
            int last = Math.max(0, sequence.length - 1);
            prompts.add(Arrays.copyOf(sequence, last));
            lasts.add(Arrays.copyOfRange(sequence, last, sequence.length));
        }
        return new SequenceBatch(prompts, lasts, padTokenId);
    }

    /// Sequences.
    public int size() {
        return prompts.size();
    }

    /// Tokens of the longest sequence.
    public int time() {
        int time = 0;
        for (int i = 0; i < size(); i++) {
            time = Math.max(time, length(i));
        }
        return time;
    }

    /// (batch, time) int64.
    public NDArray tokens(NDManager manager) {
        int time = time();
        long[] tokens = new long[size() * time];
        Arrays.fill(tokens, padTokenId);
        for (int i = 0; i < size(); i++) {
            int at = i * time;
            for (int token : prompts.get(i)) {
                tokens[at++] = token;
            }
            for (int token : completions.get(i)) {
                tokens[at++] = token;
            }
        }
        return manager.create(tokens, new Shape(size(), time));
    }

    /// (batch, time - 1): 1 where the next token is a completion token, else 0; pairs with {@link
    /// Logprobs#ofNextTokens}.
    public NDArray completionMask(NDManager manager) {
        int next = time() - 1;
        float[] mask = new float[size() * next];
        for (int i = 0; i < size(); i++) {
            int first = i * next + prompts.get(i).length - 1;
            Arrays.fill(mask, first, first + completions.get(i).length, 1);
        }
        return manager.create(mask, new Shape(size(), next));
    }

    /// (batch, time): 1 at the last token that is no padding, else 0.
    public NDArray lastTokenMask(NDManager manager) {
        int time = time();
        float[] mask = new float[size() * time];
        for (int i = 0; i < size(); i++) {
            mask[i * time + length(i) - 1] = 1;
        }
        return manager.create(mask, new Shape(size(), time));
    }

    /// Tokens of all sequences, without padding.
    public int tokenCount() {
        int count = 0;
        for (int i = 0; i < size(); i++) {
            count += length(i);
        }
        return count;
    }

    /// Tokens of all completions.
    public int completionTokenCount() {
        int count = 0;
        for (int[] completion : completions) {
            count += completion.length;
        }
        return count;
    }

    int length(int sequence) {
        return prompts.get(sequence).length + completions.get(sequence).length;
    }
}

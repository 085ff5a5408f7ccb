package rlaif.trainers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import rlaif.models.ModelShape;
import rlaif.models.Tokenizer;
import rlaif.trainers.sft.SupervisedExample;

/// Demonstrations as token ids, each completion followed by the end token.
final class DemonstrationTokens {
    private DemonstrationTokens() {}

    /// Refuses a demonstration that a model of `shape` cannot read, or that is too long to train
    /// on.
    static List<SupervisedExample> of(
            Demonstrations demonstrations, Tokenizer tokenizer, ModelShape shape, int maxTokens) {
        List<SupervisedExample> examples = new ArrayList<>();
        for (Demonstration demonstration : demonstrations) {
            int[] completion =
                    ended(tokenizer.encode(demonstration.completion()), shape.endTokenId());
            int[] prompt = tokenizer.encodePrompt(demonstration.prompt());
            int length = prompt.length + completion.length;
            if (length > shape.maxPositions() || length > maxTokens) {
                throw new DemonstrationsRefusedException(
                        "a demonstration has %d tokens, the model reads %d and train.maxTokens is %d: \"%s\""
                                .formatted(
                                        length,
                                        shape.maxPositions(),
                                        maxTokens,
                                        demonstration.prompt()));
            }
            examples.add(new SupervisedExample(prompt, completion));
        }
        return examples;
    }

    /// The tokens of a completion with the end token behind them.
    static int[] ended(int[] completion, int endTokenId) {
        int[] ended = Arrays.copyOf(completion, completion.length + 1);
        ended[completion.length] = endTokenId;
        return ended;
    }
}

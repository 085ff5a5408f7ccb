package rlaif.models.serving;

import java.util.List;
import rlaif.models.Generation;

/// What a client asks for, checked against the model that will answer.
///
/// @param prompts 1 or more
/// @param choicesEach completions of each prompt, 1 or more
/// @param stops strings that end a completion and are no part of it
/// @param seed of the first choice; every next one has the next
/// @param stream whether tokens are sent as they come
/// @param streamUsage whether a stream ends with the counts
/// @param logprobs whether logprobs are reported
/// @param echo whether the text of the prompt stands before the completion
record Call(
        ServedModel model,
        boolean chat,
        List<Prompt> prompts,
        int choicesEach,
        Generation.Settings settings,
        List<String> stops,
        long seed,
        boolean stream,
        boolean streamUsage,
        boolean logprobs,
        boolean echo) {

    /// What a completion continues.
    @SuppressWarnings("ArrayRecordComponent") // owned by the call, never compared
    record Prompt(String text, int[] tokens) {}

    int choices() {
        return prompts.size() * choicesEach;
    }

    Prompt promptOf(int choice) {
        return prompts.get(choice / choicesEach);
    }

    int promptTokens() {
        return prompts.stream().mapToInt(prompt -> prompt.tokens().length).sum();
    }
}

package rlaif.cli.evaluation;

import rlaif.models.Sampler;
import rlaif.worlds.Gold;
import rlaif.worlds.PromptItem;

/// One completion of a held-out prompt, with its gold.
@SuppressWarnings("ArrayRecordComponent") // token ids, read only
record Answer(
        PromptItem prompt,
        int[] promptTokens,
        Sampler.Sample sample,
        String completion,
        Gold gold) {

    boolean malformed() {
        return gold.malformed();
    }
}

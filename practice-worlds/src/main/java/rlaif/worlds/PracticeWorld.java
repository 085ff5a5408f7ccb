package rlaif.worlds;

import java.util.List;

/// A task small enough to learn in minutes and whose truth is exactly computable.
///
/// All of it is a function of its arguments: the same seed gives the same text on every machine.
public interface PracticeWorld {
    /// The worlds that are shipped.
    static List<PracticeWorld> all() {
        return List.of(new NineRuleChat(), new FactSheet());
    }

    /// The name in configurations and in prompt ids.
    String name();

    /// The categories of its prompts.
    List<String> categories();

    /// The training prompt at `index` of the endless sequence that `seed` names; never a held-out
    /// one.
    PromptItem prompt(long seed, long index);

    /// `count` different prompts of `category` that no training prompt equals.
    List<PromptItem> heldOut(String category, int count, long seed);

    /// What the SFT writer wrote for `count` training prompts.
    List<Demonstration> demonstrations(int count, long seed);

    /// What the SFT writer writes for a prompt; another seed is another attempt.
    String write(String prompt, long seed);

    /// The truth about `completion`; `ended` says whether the end token was sampled.
    ///
    /// Fails with {@link IllegalArgumentException} for a prompt that is not of this world.
    Gold gold(String prompt, String completion, boolean ended);

    GoldRange goldRange();

    /// Of {@link HumanLabeler}, in units of the gold scalar, above 0; found by {@link LabelerFit}.
    double humanTemperature();

    /// The labeler of this size, fitted to this world by {@link LabelerFit}.
    Labeler labeler(LabelerSize size);

    /// The principles it knows: ids of the constitution that is shipped for it.
    List<String> principleIds();

    /// Whether `completion` violates one of its principles.
    boolean violates(String principleId, String prompt, String completion);

    /// What there is to object to in `completion` by one principle, in English, a sentence each;
    /// empty where it violates nothing.
    List<String> objections(String principleId, String prompt, String completion);

    /// `completion`, rewritten so that it no longer violates the named principles; other violations
    /// may stay.
    ///
    /// With no principle named it is rewritten by a writer who fears a violation that nobody found,
    /// and is seldom better for it. Another seed is another attempt.
    String revise(List<String> principleIds, String prompt, String completion, long seed);

    /// The world's vocabulary as a Hugging Face `tokenizer.json`.
    String tokenizerJson();

    int endTokenId();

    int padTokenId();

    int vocabularySize();

    /// Longest sequence of prompt and completion that a policy of this world has room for, in
    /// tokens.
    int maxPositions();
}

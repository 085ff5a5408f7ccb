package rlaif.processors;

import java.util.ArrayList;
import java.util.List;
import rlaif.events.FinishReason;
import rlaif.events.Rollout;
import rlaif.events.VersionRange;
import rlaif.topics.Ids;

/// Rollouts of made-up prompts.
final class TestRollouts {
    static final String TOKENIZER = "ab".repeat(32);

    private TestRollouts() {}

    /// A complete group, one rollout a completion.
    static List<Rollout> group(int prompt, String... completions) {
        String promptId = Ids.prompt("test", Integer.toString(prompt), 0);
        String groupId = Ids.group(promptId);
        List<Rollout> group = new ArrayList<>();
        for (int i = 0; i < completions.length; i++) {
            group.add(
                    Rollout.newBuilder()
                            .setId(Ids.rollout(groupId, i))
                            .setPromptId(promptId)
                            .setGroupId(groupId)
                            .setIndex(i)
                            .setGroupSize(completions.length)
                            .setPrompt("user : prompt " + prompt + " assistant :")
                            .setPromptTokens(List.of(3, 1, 4, prompt % 7))
                            .setCategory("benign")
                            .setCompletion(completions[i])
                            .setCompletionTokens(List.of(5 + i, 2))
                            .setBehaviourLogprobs(List.of(-0.5f, -0.25f))
                            .setPolicy("policy")
                            .setPolicyVersions(List.of(new VersionRange(3L, 0, 2)))
                            .setTemperature(1.0)
                            .setTopP(1.0)
                            .setTopK(0)
                            .setMaxTokens(32)
                            .setSeed(99L + i)
                            .setFinishReason(FinishReason.EOS)
                            .setTokenizerDigest(TOKENIZER)
                            .build());
        }
        return group;
    }
}

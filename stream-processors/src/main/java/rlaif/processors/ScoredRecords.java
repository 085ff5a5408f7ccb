package rlaif.processors;

import rlaif.events.Rollout;
import rlaif.events.ScoredRollout;

/// Scored rollouts as they begin: the rollout's own fields, without a score.
final class ScoredRecords {
    private ScoredRecords() {}

    static ScoredRollout.Builder of(Rollout rollout) {
        return ScoredRollout.newBuilder()
                .setRolloutId(rollout.getId())
                .setPromptId(rollout.getPromptId())
                .setGroupId(rollout.getGroupId())
                .setIndex(rollout.getIndex())
                .setGroupSize(rollout.getGroupSize())
                .setPrompt(rollout.getPrompt())
                .setPromptTokens(rollout.getPromptTokens())
                .setCategory(rollout.getCategory())
                .setCompletion(rollout.getCompletion())
                .setCompletionTokens(rollout.getCompletionTokens())
                .setBehaviourLogprobs(rollout.getBehaviourLogprobs())
                .setPolicy(rollout.getPolicy())
                .setPolicyVersions(rollout.getPolicyVersions())
                .setTemperature(rollout.getTemperature())
                .setTopP(rollout.getTopP())
                .setTopK(rollout.getTopK())
                .setMaxTokens(rollout.getMaxTokens())
                .setSeed(rollout.getSeed())
                .setFinishReason(rollout.getFinishReason())
                .setTokenizerDigest(rollout.getTokenizerDigest());
    }
}

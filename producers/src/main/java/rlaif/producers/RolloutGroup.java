package rlaif.producers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import rlaif.events.FinishReason;
import rlaif.events.Prompt;
import rlaif.events.Rollout;
import rlaif.events.VersionRange;
import rlaif.models.Sampler;
import rlaif.models.Tokenizer;
import rlaif.topics.Ids;

/// The rollouts of one prompt: what is asked of the sampler, and what becomes of its samples.
@SuppressWarnings("ArrayRecordComponent") // handed on and never compared
record RolloutGroup(Prompt prompt, int[] promptTokens, RolloutSettings settings) {

    private String id() {
        return Ids.group(prompt.getId());
    }

    private String rolloutId(int index) {
        return Ids.rollout(id(), index);
    }

    /// One request a rollout, in order of index; its id alone decides the seed.
    List<Sampler.Request> requests() {
        List<Sampler.Request> requests = new ArrayList<>();
        for (int index = 0; index < settings.groupSize(); index++) {
            requests.add(new Sampler.Request(promptTokens, Ids.seed(rolloutId(index))));
        }
        return requests;
    }

    /// @param samples one a request, in the same order
    /// @param versions of the policy, as the samples number their weights
    List<Rollout> rollouts(List<Sampler.Sample> samples, List<Long> versions, Tokenizer tokenizer) {
        List<Rollout> rollouts = new ArrayList<>();
        for (int index = 0; index < samples.size(); index++) {
            rollouts.add(rollout(index, samples.get(index), versions, tokenizer));
        }
        return rollouts;
    }

    private Rollout rollout(
            int index, Sampler.Sample sample, List<Long> versions, Tokenizer tokenizer) {
        int[] tokens = sample.tokens();
        int[] text = sample.ended() ? Arrays.copyOf(tokens, tokens.length - 1) : tokens;
        return Rollout.newBuilder()
                .setId(rolloutId(index))
                .setPromptId(prompt.getId())
                .setGroupId(id())
                .setIndex(index)
                .setGroupSize(settings.groupSize())
                .setPrompt(prompt.getText())
                .setPromptTokens(boxed(promptTokens))
                .setCategory(prompt.getCategory())
                .setCompletion(tokenizer.decode(text))
                .setCompletionTokens(boxed(tokens))
                .setBehaviourLogprobs(boxed(sample.logprobs()))
                .setPolicy(settings.policy())
                .setPolicyVersions(ranges(sample.weights(), versions))
                .setTemperature(settings.temperature())
                .setTopP(1.0)
                .setTopK(0)
                .setMaxTokens(settings.maxTokens())
                .setSeed(Ids.seed(rolloutId(index)))
                .setFinishReason(sample.ended() ? FinishReason.EOS : FinishReason.LENGTH)
                .setTokenizerDigest(tokenizer.digest())
                .build();
    }

    /// The runs of tokens that one version drew.
    static List<VersionRange> ranges(int[] weights, List<Long> versions) {
        List<VersionRange> ranges = new ArrayList<>();
        int from = 0;
        for (int to = 1; to <= weights.length; to++) {
            if (to == weights.length || weights[to] != weights[from]) {
                ranges.add(new VersionRange(versions.get(weights[from]), from, to));
                from = to;
            }
        }
        return ranges;
    }

    private static List<Integer> boxed(int[] tokens) {
        return Arrays.stream(tokens).boxed().toList();
    }

    private static List<Float> boxed(float[] logprobs) {
        List<Float> boxed = new ArrayList<>(logprobs.length);
        for (float logprob : logprobs) {
            boxed.add(logprob);
        }
        return boxed;
    }
}

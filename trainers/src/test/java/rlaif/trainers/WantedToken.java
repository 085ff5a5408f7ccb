package rlaif.trainers;

import ai.djl.ndarray.BaseNDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import rlaif.models.Sampler;
import rlaif.models.SamplingSettings;
import rlaif.models.Transformer;
import rlaif.trainers.ppo.ScoredSequence;

/// A reward that a tiny policy can learn within a test: the share of a completion that is one
/// wanted token.
public final class WantedToken {
    private static final int WANTED = 7;
    private static final int GROUPS = 20;
    private static final int GROUP_SIZE = 4;

    private WantedToken() {}

    /// 20 groups of 4 rollouts of the policy as it is, scored.
    public static List<ScoredSequence> rollouts(Transformer policy, long seed) {
        List<Sampler.Request> requests = new ArrayList<>();
        for (int i = 0; i < GROUPS * GROUP_SIZE; i++) {
            int[] prompt = i / GROUP_SIZE % 2 == 0 ? new int[] {2, 3} : new int[] {4, 5, 6};
            requests.add(new Sampler.Request(prompt, 1000 * seed + i));
        }
        List<ScoredSequence> rollouts = new ArrayList<>();
        try (Sampler sampler = new Sampler(policy)) {
            List<Sampler.Sample> samples = sampler.sample(requests, new SamplingSettings(1, 8));
            for (int i = 0; i < samples.size(); i++) {
                Sampler.Sample sample = samples.get(i);
                rollouts.add(
                        new ScoredSequence(
                                requests.get(i).promptTokens(),
                                sample.tokens(),
                                sample.logprobs(),
                                share(sample.tokens()),
                                sample.ended(),
                                0,
                                "group " + i / GROUP_SIZE));
            }
        }
        return rollouts;
    }

    /// Share of the policy's tokens that are the wanted one, the mean over its completions.
    public static double share(Transformer policy, long seed) {
        return rollouts(policy, seed).stream()
                .mapToDouble(rollout -> share(rollout.completion()))
                .average()
                .orElseThrow();
    }

    private static double share(int[] completion) {
        return Arrays.stream(completion).filter(token -> token == WANTED).count()
                / (double) completion.length;
    }

    /// Arrays that a model holds in native memory.
    public static int arrays(Transformer model) {
        return ((BaseNDManager) model.manager()).getManagedArrays().size();
    }
}

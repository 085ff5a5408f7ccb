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
    private static final int ROLLOUTS = 80;
    private static final int GROUP_SIZE = 4;

    private WantedToken() {}

    /// 80 rollouts of the policy as it is, scored, the two prompts in turn.
    public static List<ScoredSequence> rollouts(Transformer policy, long seed) {
        return rollouts(policy, seed, 1);
    }

    /// The same as 20 groups of 4, each of one prompt.
    public static List<ScoredSequence> groups(Transformer policy, long seed) {
        return rollouts(policy, seed, GROUP_SIZE);
    }

    private static List<ScoredSequence> rollouts(Transformer policy, long seed, int together) {
        List<Sampler.Request> requests = new ArrayList<>();
        for (int i = 0; i < ROLLOUTS; i++) {
            int[] prompt = i / together % 2 == 0 ? new int[] {2, 3} : new int[] {4, 5, 6};
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

    /// Share of their tokens that are the wanted one, the mean over completions.
    public static double share(List<ScoredSequence> rollouts) {
        return rollouts.stream()
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

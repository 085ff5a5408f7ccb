package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rlaif.cli.config.Configuration;

/// What the start says where workers of several native threads share too few cores.
class SharedCoresTest {
    private static final List<String> LOOP =
            List.of(
                    Roles.PROMPTS,
                    Roles.ROLLOUTS,
                    Roles.JUDGE,
                    Roles.SCORE,
                    Roles.TRAIN_SFT,
                    Roles.TRAIN_REWARD_MODEL,
                    Roles.TRAIN_PPO);

    private static SharedCores on(int cores, Map<String, String> settings) {
        return new SharedCores(
                Configuration.resolve(Map.of(), Optional.empty(), Map.of(), settings), cores);
    }

    @Test
    void workersOfOneThreadEachShareAnyCores() {
        assertThat(on(1, Map.of()).lines(LOOP)).isEmpty();
        assertThat(on(2, Map.of("tensor.threads", "1")).lines(LOOP)).isEmpty();
    }

    @Test
    void moreThreadsTogetherThanCoresAreSaidWithWhatFits() {
        assertThat(on(2, Map.of("tensor.threads", "2")).lines(LOOP))
                .singleElement()
                .asString()
                .startsWith(
                        "rollouts, score, train-reward-model, train-ppo compute with tensor.threads 2 each: 8 native threads on 2 cores")
                .contains("Set tensor.threads to 1,");
        assertThat(on(8, Map.of("tensor.threads", "3")).lines(LOOP))
                .singleElement()
                .asString()
                .contains("12 native threads on 8 cores", "Set tensor.threads to 2,");
    }

    @Test
    void asManyThreadsAsCoresAreNot() {
        assertThat(on(8, Map.of("tensor.threads", "2")).lines(LOOP)).isEmpty();
        assertThat(on(2, Map.of("tensor.threads", "2")).lines(List.of(Roles.TRAIN_PPO))).isEmpty();
    }

    @Test
    void aJudgeInTheSameProcessCounts() {
        Map<String, String> local =
                Map.of("tensor.threads", "2", "judge.kind", "local", "judge.local.threads", "2");
        assertThat(on(8, local).lines(LOOP))
                .singleElement()
                .asString()
                .contains("the local judge with judge.local.threads 2: 10 native threads");
    }

    @Test
    void aScorerThatAsksTheJudgeDoesNotCompute() {
        Map<String, String> direct = Map.of("tensor.threads", "2", "score.by", "judge");
        List<String> roles = List.of(Roles.ROLLOUTS, Roles.SCORE, Roles.TRAIN_PPO);
        assertThat(on(4, direct).lines(roles)).isEmpty();
        assertThat(on(3, direct).lines(roles))
                .singleElement()
                .asString()
                .startsWith("rollouts, train-ppo compute");
    }

    @Test
    void aProcessThatDoesNotComputeReadsNoThreads() {
        assertThat(on(2, Map.of("tensor.threads", "many")).lines(List.of(Roles.PROMPTS))).isEmpty();
    }
}

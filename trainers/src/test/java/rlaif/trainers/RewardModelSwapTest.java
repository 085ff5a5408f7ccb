package rlaif.trainers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.events.OffsetRange;
import rlaif.models.Transformer;
import rlaif.topics.Topic;
import rlaif.trainers.loop.Admission;
import rlaif.trainers.loop.Batch;
import rlaif.trainers.loop.Pace;
import rlaif.trainers.loop.Standing;
import rlaif.trainers.loop.TrainingSession;
import rlaif.trainers.ppo.KlController;
import rlaif.trainers.ppo.PpoVariants;
import rlaif.trainers.reward.LabelledPair;
import rlaif.trainers.reward.RewardScores;

/// A newer reward model takes over in the middle of a group: its scores stand on a scale of their
/// own, and are compared with nobody else's.
class RewardModelSwapTest extends FirstPolicyFixture {
    private static final int GROUPS = 4;
    private static final int GROUP_SIZE = 4;
    private static final double OTHER_SCALE = 128;

    @ParameterizedTest
    @EnumSource(names = {"RLOO", "GRPO"})
    void scoresOfTwoVersionsAreNotComparedWithinAGroup(PpoTrainer.Algorithm algorithm) {
        Learned level = learned(algorithm, 1, 0);
        Learned shifted = learned(algorithm, 1, OTHER_SCALE);
        assertThat(shifted.groups()).isEqualTo(2 * GROUPS);
        assertThat(shifted.mixed()).isEqualTo(GROUPS);
        assertThat(shifted.digest()).isEqualTo(level.digest());
    }

    /// The same rollouts, had one version scored them all: then the shift does teach something.
    @ParameterizedTest
    @EnumSource(names = {"RLOO", "GRPO"})
    void scoresOfOneVersionAreCompared(PpoTrainer.Algorithm algorithm) {
        Learned level = learned(algorithm, 0, 0);
        Learned shifted = learned(algorithm, 0, OTHER_SCALE);
        assertThat(shifted.groups()).isEqualTo(GROUPS);
        assertThat(shifted.mixed()).isZero();
        assertThat(shifted.digest()).isNotEqualTo(level.digest());
    }

    /// @param mixed groups into which a newer scorer version came
    /// @param digest of the version that the step gave
    private record Learned(double groups, double mixed, String digest) {}

    /// A step on groups whose second half `secondVersion` of the scorer scored, `shift` higher.
    private Learned learned(PpoTrainer.Algorithm algorithm, long secondVersion, double shift) {
        PpoTrainer.Settings settings =
                new PpoTrainer.Settings(
                        algorithm,
                        TestEvents.POLICY,
                        0,
                        TestEvents.SCORER,
                        PpoTrainer.ValueOrigin.REFERENCE_POLICY,
                        9,
                        GROUPS,
                        GROUP_SIZE,
                        1,
                        PpoTrainer.NEVER_ENDS,
                        8,
                        PpoVariants.kl(new KlController.Fixed(0)),
                        new LearningRateSchedule.Constant(0),
                        1,
                        Pace.live());
        Staging staging =
                policy.staging(
                        CheckpointRole.POLICY,
                        PpoTrainer.TRAINER,
                        Topic.SCORED_ROLLOUTS,
                        Footprint.whole());
        Checkpoint first = policy.announced();
        try (PpoLearner learner =
                PpoLearner.at(
                        new PpoLearner.Start(first, false, first, first), settings, staging)) {
            ScoredRolloutIntake intake =
                    new ScoredRolloutIntake(
                            staging.workshop().codecs().codec(Topic.SCORED_ROLLOUTS),
                            new TokenCheck(learner.shape(), policy.tokenizer().digest(), 32),
                            settings,
                            learner::policyVersion,
                            Set.of());
            List<AcceptedRollout> accepted = new ArrayList<>();
            for (int i = 0; i < GROUPS * GROUP_SIZE; i++) {
                int index = i % GROUP_SIZE;
                boolean second = index >= GROUP_SIZE / 2;
                double score = (i * 5 % 8) / 8.0; // exact, as the shifted one is
                Admission<AcceptedRollout> admission =
                        intake.admit(
                                TestEvents.scoredRollout(
                                                i / GROUP_SIZE,
                                                index,
                                                0,
                                                policy.tokenizer().digest())
                                        .setGroupSize(GROUP_SIZE)
                                        .setScorerVersion(second ? secondVersion : 0)
                                        .setScore(second ? score + shift : score)
                                        .build());
                accepted.add(((Admission.Accepted<AcceptedRollout>) admission).example());
            }
            Map<String, Double> metrics = learner.learn(1, batch(accepted)).getMetrics();
            return new Learned(
                    metrics.getOrDefault("groups/count", Double.NaN),
                    metrics.getOrDefault("groups/mixed_scorers", Double.NaN),
                    FirstPolicy.stage(learner, CheckpointRole.POLICY, 1).getDigest());
        }
    }

    @Test
    void everyVersionHasMeanZeroAndDeviationOneOnTheSameCompletions() {
        RewardModelTrainer.Settings settings = settings(1e-2);
        Staging staging =
                policy.staging(
                        CheckpointRole.REWARD_MODEL,
                        RewardModelTrainer.TRAINER,
                        Topic.PREFERENCES,
                        Footprint.whole());
        List<AcceptedPreference> references = preferences(1);
        try (RewardModelLearner learner =
                RewardModelLearner.start(settings, staging, policy.announced(), List::of)) {
            learner.learn(1, batch(references));
            Checkpoint older = FirstPolicy.stage(learner, CheckpointRole.REWARD_MODEL, 0);
            learner.announced(older);
            for (int step = 2; step < 12; step++) {
                learner.learn(step, batch(preferences(step)));
            }
            Checkpoint newer = FirstPolicy.stage(learner, CheckpointRole.REWARD_MODEL, 1);
            assertStandardised(older, references);
            assertStandardised(newer, references);
            assertThat(newer.getScoreStandardDeviation())
                    .isNotCloseTo(older.getScoreStandardDeviation(), Offset.offset(1e-3));
        }
    }

    @Test
    void aRewardModelThatIsRestoredWithoutWhatATrainerKeepsGoesOnFromItsOwnWeights() {
        RewardModelTrainer.Settings settings = settings(1e-9);
        Staging staging =
                policy.staging(
                        CheckpointRole.REWARD_MODEL,
                        RewardModelTrainer.TRAINER,
                        Topic.PREFERENCES,
                        Footprint.whole());
        List<OffsetRange> scoreFrom = List.of(new OffsetRange("rlaif.rollouts.v1", 0, 7L, -1L));
        Checkpoint head;
        try (RewardModelLearner learner =
                RewardModelLearner.start(
                        settings(1e-2), staging, policy.announced(), () -> scoreFrom)) {
            learner.learn(1, batch(preferences(1)));
            head = FirstPolicy.stage(learner, CheckpointRole.REWARD_MODEL, 0);
        }
        TrainingSession.Start start =
                new TrainingSession.Start(
                        Optional.of(head), false, Standing.first("run", new TreeMap<>()), Set.of());
        try (RewardModelLearner learner =
                        RewardModelLearner.at(
                                start, settings, staging, policy.announced(), List::of);
                Transformer before = Transformer.load(policy.open(head))) {
            learner.learn(2, batch(preferences(2)));
            Checkpoint next = FirstPolicy.stage(learner, CheckpointRole.REWARD_MODEL, 1);
            try (Transformer after = Transformer.load(policy.open(next))) {
                assertThat(after.parameters().toFloatArray())
                        .containsExactly(before.parameters().toFloatArray(), Offset.offset(1e-6f));
            }
            assertThat(next.getScoreFrom()).isEqualTo(scoreFrom);
        }
    }

    private static RewardModelTrainer.Settings settings(double learningRate) {
        return new RewardModelTrainer.Settings(
                TestEvents.POLICY,
                0,
                9,
                16,
                16,
                16,
                learningRate,
                new LearningRateSchedule.Constant(0),
                0.1,
                8,
                32,
                1,
                Pace.live());
    }

    private void assertStandardised(Checkpoint version, List<AcceptedPreference> references) {
        List<int[]> prompts = new ArrayList<>();
        List<int[]> completions = new ArrayList<>();
        for (AcceptedPreference reference : references) {
            LabelledPair pair = reference.pair();
            prompts.addAll(List.of(pair.prompt(), pair.prompt()));
            completions.addAll(List.of(pair.first(), pair.second()));
        }
        try (Transformer rewardModel = Transformer.load(policy.open(version))) {
            double sum = 0;
            double squares = 0;
            for (double raw : RewardScores.raw(rewardModel, prompts, completions)) {
                double score = (raw - version.getScoreMean()) / version.getScoreStandardDeviation();
                sum += score;
                squares += score * score;
            }
            assertThat(sum / prompts.size()).isCloseTo(0, Offset.offset(1e-6));
            assertThat(squares / prompts.size()).isCloseTo(1, Offset.offset(1e-6));
        }
    }

    /// The judge likes low tokens.
    private static List<AcceptedPreference> preferences(long seed) {
        Random random = new Random(seed);
        List<AcceptedPreference> preferences = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            int[] low = random.ints(3, 2, 8).toArray();
            int[] high = random.ints(3, 8, 16).toArray();
            LabelledPair pair = new LabelledPair(new int[] {2, 3}, low, high, 0.95);
            preferences.add(
                    new AcceptedPreference(
                            random.nextBoolean() ? pair : pair.swapped(), true, false));
        }
        return preferences;
    }

    private static <X> Batch<X> batch(List<X> examples) {
        return new Batch<>(examples, List.of(), List.of(), Map.of(), new TreeMap<>());
    }
}

package rlaif.trainers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.models.LoraSettings;
import rlaif.models.LoraTarget;
import rlaif.topics.Topic;
import rlaif.trainers.batching.MicroBatching;
import rlaif.trainers.dpo.DirectObjective;
import rlaif.trainers.dpo.Dpo;
import rlaif.trainers.dpo.DpoSettings;
import rlaif.trainers.dpo.Ipo;
import rlaif.trainers.loop.Batch;
import rlaif.trainers.loop.Learner;
import rlaif.trainers.loop.Pace;
import rlaif.trainers.ppo.PpoSettings;
import rlaif.trainers.ppo.ScoredSequence;
import rlaif.trainers.reward.LabelledPair;
import rlaif.trainers.sft.SupervisedExample;

/// Every trainer on adapters: a version says of which shape they are, and only with the same does
/// training go on.
class AdapterResumeTest extends FirstPolicyFixture {
    private static final LoraSettings RANK_2 =
            new LoraSettings(2, 4, EnumSet.allOf(LoraTarget.class));
    private static final List<LoraSettings> OTHERS =
            List.of(
                    new LoraSettings(3, 4, EnumSet.allOf(LoraTarget.class)),
                    new LoraSettings(2, 8, EnumSet.allOf(LoraTarget.class)),
                    new LoraSettings(2, 4, EnumSet.of(LoraTarget.Q_PROJ)));
    private static final int EXAMPLES = 16;

    /// What is trained, and by which rule.
    enum Trained {
        PPO,
        RLOO,
        GRPO,
        DPO,
        IPO,
        REVISIONS,
        REWARD_MODEL;

        CheckpointRole role() {
            return this == REWARD_MODEL ? CheckpointRole.REWARD_MODEL : CheckpointRole.POLICY;
        }
    }

    @ParameterizedTest
    @EnumSource
    void versionSaysWhichShapeItsAdaptersHave(Trained trained) {
        try (Run<?> run = run(trained, policy.announced(), false, adapters(RANK_2))) {
            Checkpoint version = run.step(1);
            assertThat(policy.store().facts(version.getUri(), version.getDigest()).get("settings"))
                    .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
                    .containsEntry("lora", RANK_2.toString());
        }
    }

    /// Bins of calibration apart.
    @ParameterizedTest
    @EnumSource
    void versionIsAnnouncedWithMetricsThatRetentionKnows(Trained trained) {
        try (Run<?> run = run(trained, policy.announced(), false, adapters(RANK_2))) {
            assertThat(run.step(1).getMetrics().keySet())
                    .isNotEmpty()
                    .filteredOn(name -> !name.startsWith("held_out/calibration/"))
                    .isSubsetOf(AnnouncedMetrics.NAMES);
        }
    }

    @ParameterizedTest
    @EnumSource
    void trainingGoesOnWithTheSameShapeAsIfItHadNotStopped(Trained trained) {
        try (Run<?> undisturbed = run(trained, policy.announced(), false, adapters(RANK_2))) {
            Checkpoint middle = undisturbed.step(1);
            try (Run<?> resumed = run(trained, middle, true, adapters(RANK_2))) {
                assertThat(resumed.step(2).getDigest())
                        .isEqualTo(undisturbed.step(2).getDigest())
                        .isNotEqualTo(middle.getDigest());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void trainingDoesNotGoOnWithAnotherShapeOrWithout(Trained trained) {
        try (Run<?> run = run(trained, policy.announced(), false, adapters(RANK_2))) {
            Checkpoint version = run.step(1);
            for (LoraSettings other : OTHERS) {
                assertThatThrownBy(() -> run(trained, version, true, adapters(other)).close())
                        .hasMessageContaining("was trained on adapters of " + RANK_2)
                        .hasMessageContaining("set lora.rank, lora.alpha and lora.targets");
            }
            assertThatThrownBy(() -> run(trained, version, true, Footprint.whole()).close())
                    .hasMessageContaining("was trained on adapters;");
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyWeightDoesNotGoOnAsAdapters(Trained trained) {
        try (Run<?> run = run(trained, policy.announced(), false, Footprint.whole())) {
            Checkpoint version = run.step(1);
            assertThatThrownBy(() -> run(trained, version, true, adapters(RANK_2)).close())
                    .hasMessageContaining("was trained on every weight;");
        }
    }

    /// As when score.by is changed from the reward model to the judge.
    @Test
    void valueAdaptersAreNotPutBesideAnotherTrunk() {
        try (Run<?> scorer =
                run(Trained.REWARD_MODEL, policy.announced(), false, adapters(RANK_2))) {
            Checkpoint rewardModel = scorer.step(1);
            try (Run<?> run = ppo(policy.announced(), false, rewardModel)) {
                Checkpoint version = run.step(1);
                ppo(version, true, rewardModel).close();
                assertThatThrownBy(() -> ppo(version, true, policy.announced()).close())
                        .hasMessageContaining("trained beside " + rewardModel.getUri())
                        .hasMessageContaining("put beside " + policy.announced().getUri())
                        .hasMessageContaining("set score.by as it was");
            }
        }
    }

    private Run<AcceptedRollout> ppo(Checkpoint head, boolean resumed, Checkpoint valueOrigin) {
        return ppo(
                Trained.PPO,
                PpoTrainer.Algorithm.PPO,
                head,
                resumed,
                valueOrigin,
                adapters(RANK_2));
    }

    private static Footprint adapters(LoraSettings shape) {
        return new Footprint(new TrainedWeights.Adapters(shape), MicroBatching.undivided());
    }

    /// A learner with what it learns from.
    private record Run<X>(Trained trained, Learner<X> learner, Function<Random, X> example)
            implements AutoCloseable {

        /// Takes the step and writes the version of the same number.
        Checkpoint step(long number) {
            Random random = new Random(number);
            List<X> examples = new ArrayList<>();
            for (int i = 0; i < EXAMPLES; i++) {
                examples.add(example.apply(random));
            }
            learner.learn(
                    number, new Batch<>(examples, List.of(), List.of(), Map.of(), new TreeMap<>()));
            Checkpoint version = FirstPolicy.stage(learner, trained.role(), number);
            learner.announced(version);
            return version;
        }

        @Override
        public void close() {
            learner.close();
        }
    }

    private Run<?> run(Trained trained, Checkpoint head, boolean resumed, Footprint footprint) {
        return switch (trained) {
            case PPO -> policyGradient(trained, PpoTrainer.Algorithm.PPO, head, resumed, footprint);
            case RLOO ->
                    policyGradient(trained, PpoTrainer.Algorithm.RLOO, head, resumed, footprint);
            case GRPO ->
                    policyGradient(trained, PpoTrainer.Algorithm.GRPO, head, resumed, footprint);
            case DPO -> dpo(trained, new Dpo(0.1), head, resumed, footprint);
            case IPO -> dpo(trained, new Ipo(0.1), head, resumed, footprint);
            case REVISIONS -> revisions(head, resumed, footprint);
            case REWARD_MODEL -> rewardModel(head, resumed, footprint);
        };
    }

    private Run<AcceptedRollout> policyGradient(
            Trained trained,
            PpoTrainer.Algorithm algorithm,
            Checkpoint head,
            boolean resumed,
            Footprint footprint) {
        return ppo(trained, algorithm, head, resumed, policy.announced(), footprint);
    }

    private Run<AcceptedRollout> ppo(
            Trained trained,
            PpoTrainer.Algorithm algorithm,
            Checkpoint head,
            boolean resumed,
            Checkpoint valueOrigin,
            Footprint footprint) {
        PpoTrainer.Settings settings =
                new PpoTrainer.Settings(
                        algorithm,
                        TestEvents.POLICY,
                        0,
                        "judge",
                        PpoTrainer.ValueOrigin.REFERENCE_POLICY,
                        9,
                        EXAMPLES / 2,
                        2,
                        1,
                        PpoTrainer.NEVER_ENDS,
                        8,
                        PpoSettings.defaults(),
                        new LearningRateSchedule.Constant(0),
                        1,
                        Pace.live());
        Staging staging = staging(trained, PpoTrainer.TRAINER, Topic.SCORED_ROLLOUTS, footprint);
        return new Run<>(
                trained,
                PpoLearner.at(
                        new PpoLearner.Start(head, resumed, policy.announced(), valueOrigin),
                        settings,
                        staging),
                AdapterResumeTest::rollout);
    }

    private Run<AcceptedPreference> dpo(
            Trained trained,
            DirectObjective objective,
            Checkpoint head,
            boolean resumed,
            Footprint footprint) {
        DpoTrainer.Settings settings =
                new DpoTrainer.Settings(
                        TestEvents.POLICY,
                        0,
                        9,
                        EXAMPLES,
                        1,
                        PpoTrainer.NEVER_ENDS,
                        8,
                        new DpoSettings(objective, 2, 5e-4, 1),
                        new LearningRateSchedule.Constant(0),
                        1,
                        Pace.live());
        Staging staging = staging(trained, DpoTrainer.TRAINER, Topic.PREFERENCES, footprint);
        return new Run<>(
                trained,
                DpoLearner.at(head, resumed, policy.announced(), settings, staging),
                AdapterResumeTest::preference);
    }

    private Run<AcceptedRevision> revisions(Checkpoint head, boolean resumed, Footprint footprint) {
        Staging staging =
                staging(Trained.REVISIONS, RevisionTrainer.TRAINER, Topic.REVISIONS, footprint);
        List<Demonstration> helpful = List.of(new Demonstration("w3 w4", "w5 w6"));
        return new Run<>(
                Trained.REVISIONS,
                RevisionLearner.at(
                        head,
                        resumed,
                        RevisionTrainer.Settings.defaults(TestEvents.POLICY, 9),
                        staging,
                        helpful::iterator,
                        (_, _, _) -> {}),
                AdapterResumeTest::revision);
    }

    private Run<AcceptedPreference> rewardModel(
            Checkpoint head, boolean resumed, Footprint footprint) {
        RewardModelTrainer.Settings settings =
                new RewardModelTrainer.Settings(
                        TestEvents.POLICY,
                        0,
                        9,
                        EXAMPLES,
                        EXAMPLES,
                        EXAMPLES,
                        1e-3,
                        new LearningRateSchedule.Constant(0),
                        0.1,
                        8,
                        8,
                        1,
                        Pace.live());
        Staging staging =
                staging(
                        Trained.REWARD_MODEL,
                        RewardModelTrainer.TRAINER,
                        Topic.PREFERENCES,
                        footprint);
        RewardModelLearner learner =
                resumed
                        ? RewardModelLearner.resume(settings, staging, head, List::of)
                        : RewardModelLearner.start(settings, staging, head, List::of);
        return new Run<>(Trained.REWARD_MODEL, learner, AdapterResumeTest::preference);
    }

    private Staging staging(Trained trained, String trainer, Topic source, Footprint footprint) {
        return policy.staging(trained.role(), trainer, source, footprint);
    }

    private static AcceptedRollout rollout(Random random) {
        int[] completion = tokens(random);
        float[] logprobs = new float[completion.length];
        Arrays.fill(logprobs, -2.7f);
        String group = "group " + random.nextInt(4);
        return new AcceptedRollout(
                new ScoredSequence(
                        new int[] {2, 3},
                        completion,
                        logprobs,
                        random.nextGaussian(),
                        true,
                        0,
                        group),
                0,
                group,
                0);
    }

    private static AcceptedPreference preference(Random random) {
        return new AcceptedPreference(
                new LabelledPair(
                        new int[] {2, 3}, tokens(random), tokens(random), random.nextDouble()),
                true,
                false);
    }

    private static AcceptedRevision revision(Random random) {
        return new AcceptedRevision(
                IntStream.range(0, 2)
                        .mapToObj(_ -> new SupervisedExample(new int[] {2, 3}, tokens(random)))
                        .toList());
    }

    private static int[] tokens(Random random) {
        return random.ints(2 + random.nextInt(8), 2, 16).toArray();
    }
}

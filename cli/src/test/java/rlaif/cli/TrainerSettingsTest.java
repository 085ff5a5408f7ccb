package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.ConfigurationException;
import rlaif.cli.config.Key;
import rlaif.models.LoraSettings;
import rlaif.models.LoraTarget;
import rlaif.trainers.Footprint;
import rlaif.trainers.LearningRateSchedule;
import rlaif.trainers.PpoTrainer;
import rlaif.trainers.TrainedWeights;
import rlaif.trainers.dpo.DpoSettings;
import rlaif.trainers.loop.Pace;
import rlaif.trainers.ppo.KlController;
import rlaif.trainers.ppo.KlEstimator;
import rlaif.trainers.ppo.PpoSettings;

class TrainerSettingsTest {

    @Test
    void everyWeightIsTrainedAStepAtOnceUnlessOtherwiseAsked() {
        assertThat(footprint(Map.of())).isEqualTo(Footprint.whole());
    }

    @ParameterizedTest
    @CsvSource({
        "ppo.versions=0, slCai.enabled=false, ''",
        "ppo.versions=7, slCai.enabled=false, 7",
        "ppo.versions=7, slCai.enabled=true, 8"
    })
    void trainingEndsSoManyVersionsAfterTheReference(
            String versions, String slCai, String lastVersion) {
        Map<String, String> given = new HashMap<>();
        for (String setting : List.of(versions, slCai)) {
            given.put(setting.split("=", -1)[0], setting.split("=", -1)[1]);
        }
        TrainerSettings settings = new TrainerSettings(configuration(given));

        assertThat(settings.lastVersion())
                .isEqualTo(
                        lastVersion.isEmpty()
                                ? OptionalLong.empty()
                                : OptionalLong.of(Long.parseLong(lastVersion)));
        assertThat(settings.ppo().lastVersion())
                .isEqualTo(settings.dpo().lastVersion())
                .isEqualTo(settings.lastVersion().orElse(PpoTrainer.NEVER_ENDS));
    }

    @Test
    void rankMakesAdaptersOfTheNamedMatrices() {
        Footprint footprint =
                footprint(
                        Map.of(
                                "lora.rank", "8",
                                "lora.alpha", "32",
                                "lora.targets", "q_proj, v_proj",
                                "train.microBatchTokens", "4096"));
        assertThat(footprint.weights())
                .isEqualTo(
                        new TrainedWeights.Adapters(
                                new LoraSettings(
                                        8, 32, Set.of(LoraTarget.Q_PROJ, LoraTarget.V_PROJ))));
        assertThat(footprint.microBatching().maxTokens()).isEqualTo(4096);
    }

    @Test
    void adaptersGoBesideEveryMatrixUnlessOtherwiseAsked() {
        assertThat(footprint(Map.of("lora.rank", "4")).weights())
                .isEqualTo(
                        new TrainedWeights.Adapters(
                                new LoraSettings(4, 16, Set.of(LoraTarget.values()))));
    }

    @Test
    void unknownMatrixIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(
                        () -> footprint(Map.of("lora.rank", "4", "lora.targets", "q_proj,c_attn")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("lora.targets is 'q_proj,c_attn'")
                .hasMessageContaining("gate_proj");
    }

    @Test
    void fewerVersionsThanTrainingNeedsAreRefusedWithTheLeast() {
        assertThatThrownBy(() -> trainers(Map.of("retention.keepLast", "9")).retention())
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("retention.keepLast is '9': it must be a whole number from 10");
        assertThat(trainers(Map.of("retention.keepLast", "10")).retention().last()).isEqualTo(10);
    }

    @Test
    void deterministicModeHoldsForEveryTrainerOnAStream() {
        Configuration asked = configuration(Map.of("trainers.deterministic", "true"));
        TrainerSettings settings = new TrainerSettings(asked);
        assertThat(
                        List.of(
                                settings.rewardModel().pace(),
                                settings.ppo().pace(),
                                settings.dpo().pace(),
                                new RevisionSettings(asked).trainer().pace()))
                .containsOnly(Pace.deterministic());
        assertThat(new TrainerSettings(configuration(Map.of())).ppo().pace())
                .isInstanceOf(Pace.Live.class);
    }

    @Test
    void grpoRefusesAnotherEstimatorThanTheOneInItsLoss() {
        for (String estimator : List.of("k1", "k2")) {
            assertThatThrownBy(() ->
                            trainers(
                                            Map.of(
                                                    "train.algorithm",
                                                    "grpo",
                                                    "ppo.kl.estimator",
                                                    estimator))
                                    .ppo())
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage(
                            "ppo.kl.estimator is '%s': it must be k3, or left out, with train.algorithm: grpo, whose loss carries that estimate",
                            estimator);
        }
        assertThat(
                        trainers(Map.of("train.algorithm", "grpo", "ppo.kl.estimator", "k3"))
                                .ppo()
                                .ppo()
                                .klEstimator())
                .isEqualTo(KlEstimator.K3);
        assertThat(trainers(Map.of("train.algorithm", "grpo")).ppo().algorithm())
                .isEqualTo(PpoTrainer.Algorithm.GRPO);
    }

    @ParameterizedTest
    @CsvSource({"ppo, 0.1, 5e-4", "rloo, 0.1, 5e-4", "grpo, 0.2, 3e-4"})
    void anAlgorithmRunsWithWhatItWasMeasuredWith(
            String algorithm, double beta, double learningRate) {
        PpoTrainer.Settings settings = trainers(Map.of("train.algorithm", algorithm)).ppo();
        assertThat(settings.ppo()).isEqualTo(settings.algorithm().defaults());
        assertThat(settings.ppo().kl()).isEqualTo(new KlController.Fixed(beta));
        assertThat(settings.ppo().learningRate()).isEqualTo(learningRate);
    }

    @Test
    void dpoRunsWithWhatItWasMeasuredWith() {
        assertThat(trainers(Map.of("train.algorithm", "dpo")).dpo().dpo())
                .isEqualTo(DpoSettings.defaults());
    }

    @Test
    void anAlgorithmTakesThePriceAndTheRateThatAreAskedFor() {
        PpoSettings asked =
                trainers(
                                Map.of(
                                        "train.algorithm", "grpo",
                                        "ppo.beta", "0",
                                        "ppo.learningRate", "1e-4"))
                        .ppo()
                        .ppo();
        assertThat(asked.kl()).isEqualTo(new KlController.Fixed(0));
        assertThat(asked.learningRate()).isEqualTo(1e-4);
    }

    @ParameterizedTest
    @CsvSource({"SMALL, 0.05", "FULL, 0.1"})
    void theDemoKeepsThePriceThatItsFiguresRestOn(DemoSize size, double beta) {
        Configuration demo =
                Configuration.resolve(size.settings(1), Optional.empty(), Map.of(), Map.of());
        PpoSettings settings = new TrainerSettings(demo).ppo().ppo();
        assertThat(settings)
                .isEqualTo(PpoSettings.defaults().with(new KlController.Fixed(beta), 5e-4));
    }

    @Test
    void aStreamsLearningRatesAreConstantUnlessAWarmUpOrAnEndIsAskedFor() {
        TrainerSettings usual = trainers(Map.of());
        assertThat(
                        List.of(
                                usual.rewardModel().schedule(),
                                usual.ppo().schedule(),
                                usual.dpo().schedule()))
                .containsOnly(new LearningRateSchedule.Constant(0));
        TrainerSettings asked =
                trainers(
                        Map.of(
                                "rewardModel.warmupSteps", "5",
                                "ppo.warmupSteps", "2",
                                "ppo.totalSteps", "30",
                                "dpo.totalSteps", "40"));
        assertThat(asked.rewardModel().schedule()).isEqualTo(new LearningRateSchedule.Constant(5));
        assertThat(asked.ppo().schedule()).isEqualTo(new LearningRateSchedule.LinearDecay(2, 30));
        assertThat(asked.dpo().schedule()).isEqualTo(new LearningRateSchedule.LinearDecay(0, 40));
    }

    @Test
    void aLearningRateThatEndsBeforeItHasRisenIsRefused() {
        assertThatThrownBy(() ->
                        trainers(Map.of("ppo.warmupSteps", "30", "ppo.totalSteps", "30")).ppo())
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "ppo.totalSteps is '30': it must be 0, or more than ppo.warmupSteps (30)");
    }

    @Test
    void whatAStepClipsAndHowOftenItIsPublishedCanBeAskedFor() {
        TrainerSettings asked =
                trainers(
                        Map.of(
                                "ppo.clipRange", "0.1",
                                "ppo.valueClipRange", "0.5",
                                "ppo.lambda", "1",
                                "ppo.missingEndPenalty", "0",
                                "ppo.stepsPerCheckpoint", "3",
                                "dpo.stepsPerCheckpoint", "4"));
        PpoSettings ppo = asked.ppo().ppo();
        assertThat(ppo.clipRange()).isEqualTo(0.1);
        assertThat(ppo.valueClipRange()).isEqualTo(0.5);
        assertThat(ppo.lambda()).isEqualTo(1);
        assertThat(ppo.missingEndPenalty()).isZero();
        assertThat(asked.ppo().stepsPerCheckpoint()).isEqualTo(3);
        assertThat(asked.dpo().stepsPerCheckpoint()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ppo.clipRange          | 1    | ppo.clipRange must lie in (0, 1), got 1.0
                    ppo.lambda             | 1.5  | ppo.lambda must lie in [0, 1], got 1.5
                    ppo.valueClipRange     | 0    | ppo.valueClipRange is '0': it must be a number above 0
                    ppo.missingEndPenalty  | -1   | ppo.missingEndPenalty is '-1': it must be a number from 0.0
                    ppo.kl.horizon         | 51.2 | ppo.kl.horizon must be above a fifth of ppo.batch (256 rollouts), or one step could bring the penalty to 0 or below; got 51.2
                    ppo.stepsPerCheckpoint | 0    | ppo.stepsPerCheckpoint is '0': it must be a whole number from 1
                    """)
    void whatNoStepCanBeTakenWithIsRefused(String key, String value, String message) {
        assertThatThrownBy(
                        () -> trainers(Map.of(key, value, "ppo.kl.controller", "adaptive")).ppo())
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(message);
    }

    @Test
    void rlooTakesTheEstimatorThatIsAskedFor() {
        assertThat(
                        trainers(Map.of("train.algorithm", "rloo", "ppo.kl.estimator", "k2"))
                                .ppo()
                                .ppo()
                                .klEstimator())
                .isEqualTo(KlEstimator.K2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ppo                       | dpo.beta            | train.algorithm: ppo does not read dpo.beta
                    ppo                       | ppo.valueLearningRate |
                    rloo                      | ppo.valueLearningRate | train.algorithm: rloo does not read ppo.valueLearningRate
                    grpo                      | ppo.valueLearningRate | train.algorithm: grpo does not read ppo.valueLearningRate
                    rloo                      | ppo.lambda          | train.algorithm: rloo does not read ppo.lambda
                    grpo                      | ppo.valueClipRange  | train.algorithm: grpo does not read ppo.valueClipRange
                    grpo                      | ppo.clipRange       |
                    grpo                      | ppo.epochs          |
                    grpo                      | dpo.loss            | train.algorithm: grpo does not read dpo.loss
                    dpo                       | ppo.batch           | train.algorithm: dpo does not read ppo.batch
                    dpo                       | ppo.kl.estimator    | train.algorithm: dpo does not read ppo.kl.estimator
                    dpo                       | rewardModel.batch   | train.algorithm: dpo does not read rewardModel.batch
                    dpo                       | ppo.versions        |
                    dpo                       | dpo.batch           |
                    ppo                       | ppo.kl.horizon      | ppo.kl.controller: fixed does not read ppo.kl.horizon
                    dpo                       | lora.alpha          | lora.rank: 0 does not read lora.alpha
                    ppo                       | slCai.batch         | slCai.enabled: false does not read slCai.batch
                    ppo                       | retention.metric    | retention.keepBest: 0 does not read retention.metric
                    """)
    void settingThatTheAlgorithmDoesNotReadIsSaid(
            String algorithm, String key, @Nullable String line) {
        Map<String, String> settings = new HashMap<>();
        settings.put("train.algorithm", algorithm);
        settings.put(key, fallbackOf(key));
        assertThat(new UnreadSettings(configuration(settings)).lines(loop(settings)))
                .isEqualTo(line == null ? List.of() : List.of(line));
    }

    @Test
    void aRunThatOnlyLabelsSaysThatNoTrainerIsRead() {
        Map<String, String> settings =
                Map.of(
                        "rewardModel.enabled", "false",
                        "train.algorithm", "rloo",
                        "ppo.versions", "20");
        assertThat(new UnreadSettings(configuration(settings)).lines(loop(settings)))
                .containsExactly(
                        "rewardModel.enabled: false does not read train.algorithm, ppo.versions");
    }

    @Test
    void aPolicyOfOnesOwnThatIsTakenAsItIsReadsNothingOfSft() {
        Map<String, String> settings = new HashMap<>();
        settings.put("policy.model", "folder");
        settings.put("sft.steps", "10");
        settings.put("sft.learningRate", "1e-5");
        assertThat(new UnreadSettings(configuration(settings)).lines(loop(settings)))
                .containsExactly(
                        "sft.demonstrations: (empty) does not read sft.steps, sft.learningRate");
        settings.put("sft.demonstrations", "file");
        assertThat(new UnreadSettings(configuration(settings)).lines(loop(settings))).isEmpty();
    }

    @Test
    void aMetricThatNoVersionIsAnnouncedWithIsRefused() {
        assertThat(trainers(Map.of("retention.metric", "-held_out/brier")).retention().metric())
                .isEqualTo("-held_out/brier");
        assertThatThrownBy(() ->
                        trainers(
                                        Map.of(
                                                "retention.metric",
                                                "heldout/acuracy",
                                                "retention.keepBest",
                                                "2"))
                                .retention())
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "retention.metric is 'heldout/acuracy': it must be a metric that versions are announced with, perhaps held_out/accuracy");
    }

    @ParameterizedTest
    @CsvSource({"ppo, 3e-6, 3e-5", "rloo, 1e-6, 1e-5", "grpo, 1e-6, 1e-5"})
    void aPolicyOfOnesOwnIsMovedLittle(String algorithm, double whole, double adapters) {
        Map<String, String> settings = new HashMap<>();
        settings.put("policy.model", "folder");
        settings.put("train.algorithm", algorithm);
        assertThat(trainers(settings).ppo().ppo().learningRate()).isEqualTo(whole);
        assertThat(trainers(settings).rewardModel().learningRate()).isEqualTo(1e-5);
        settings.put("lora.rank", "8");
        assertThat(trainers(settings).ppo().ppo().learningRate())
                .isCloseTo(adapters, Offset.offset(1e-12));
        assertThat(trainers(settings).rewardModel().learningRate())
                .isCloseTo(1e-4, Offset.offset(1e-12));
        settings.put("ppo.learningRate", "7e-7");
        assertThat(trainers(settings).ppo().ppo().learningRate()).isEqualTo(7e-7);
    }

    @Test
    void whatAPolicyOfOnesOwnIsMovedByIsSaid() {
        Map<String, String> settings = new HashMap<>();
        settings.put("policy.model", "folder");
        settings.put("rewardModel.learningRate", "1e-5");
        assertThat(new LearningRates(configuration(settings)).lines(loop(settings)))
                .containsExactly(
                        "for a policy.model of your own, where nothing else is set: ppo.learningRate 3e-6, ppo.valueLearningRate 9e-6");
        settings.put("train.algorithm", "dpo");
        assertThat(trainers(settings).dpo().dpo().learningRate()).isEqualTo(5e-7);
        assertThat(new LearningRates(configuration(settings)).lines(loop(settings)))
                .containsExactly(
                        "for a policy.model of your own, where nothing else is set: dpo.learningRate 5e-7");
    }

    @Test
    void aTrainerThatIsStartedAloneSaysWhoseRatesItTakes() {
        List<String> ppo = List.of(Roles.SCORE, Roles.TRAIN_PPO);
        assertThat(new LearningRates(configuration(Map.of())).lines(ppo))
                .containsExactly(
                        "for policy.model: world, where nothing else is set: ppo.learningRate 5e-4, ppo.valueLearningRate 1e-3");
        assertThat(new LearningRates(configuration(Map.of("policy.model", "folder"))).lines(ppo))
                .containsExactly(
                        "for a policy.model of your own, where nothing else is set: ppo.learningRate 3e-6, ppo.valueLearningRate 9e-6");
        assertThat(
                        new LearningRates(configuration(Map.of("slCai.enabled", "true")))
                                .lines(List.of(Roles.TRAIN_SFT)))
                .containsExactly(
                        "for policy.model: world, where nothing else is set: sft.learningRate 5e-3, slCai.learningRate 2.5e-3");
        assertThat(new LearningRates(configuration(Map.of())).lines(List.of(Roles.ROLLOUTS)))
                .isEmpty();
    }

    @Test
    void aTrainerThatIsStartedByNameReadsItsSettingsWhereTheLoopOnlyLabels() {
        Configuration labels =
                configuration(Map.of("rewardModel.enabled", "false", "ppo.batch", "64"));
        assertThat(
                        new UnreadSettings(labels)
                                .lines(List.of(Roles.TRAIN_REWARD_MODEL, Roles.TRAIN_PPO)))
                .isEmpty();
        assertThat(new UnreadSettings(labels).lines(List.of(Roles.JUDGE)))
                .containsExactly("rewardModel.enabled: false does not read ppo.batch");
    }

    @Test
    void aPromptAndItsCompletionAreNoLongerThanWhatIsTrainedOn() {
        Map<String, String> settings = new HashMap<>();
        settings.put("train.maxTokens", "100");
        settings.put("rollouts.maxTokens", "99");
        assertThat(trainers(settings).longestRollout(32_768)).isEqualTo(100);
        assertThat(trainers(settings).longestRollout(64)).isEqualTo(64);
        settings.put("rollouts.maxTokens", "100");
        assertThatThrownBy(() -> trainers(settings).requireTrainableRollouts())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(
                        "rollouts.maxTokens is '100': it must be below train.maxTokens (100)");
        settings.put("rewardModel.enabled", "false");
        assertThat(trainers(settings).longestRollout(32_768)).isEqualTo(32_768);
        settings.put("slCai.enabled", "true");
        assertThatThrownBy(() -> trainers(settings).longestRollout(32_768))
                .isInstanceOf(ConfigurationException.class);
    }

    @Test
    void thePracticeWorldKeepsTheRatesThatItsFiguresRestOn() {
        Configuration usual = configuration(Map.of());
        assertThat(new TrainerSettings(usual).sft().learningRate()).isEqualTo(5e-3);
        assertThat(new TrainerSettings(usual).rewardModel().learningRate()).isEqualTo(1e-3);
        assertThat(new RevisionSettings(usual).trainer().learningRate()).isEqualTo(2.5e-3);
    }

    private static String fallbackOf(String name) {
        return Arrays.stream(Key.values())
                .filter(key -> key.key().equals(name))
                .findFirst()
                .orElseThrow()
                .fallback();
    }

    @Test
    void settingsOfAPresetAreNobodysChoice() {
        Configuration demo =
                Configuration.resolve(
                        Map.of("rewardModel.batch", "32", "ppo.kl.estimator", "k1"),
                        Optional.empty(),
                        Map.of(),
                        Map.of("train.algorithm", "grpo", "score.by", "judge"));
        assertThat(new UnreadSettings(demo).lines(Roles.ofLoop(demo))).isEmpty();
    }

    private static List<String> loop(Map<String, String> settings) {
        return Roles.ofLoop(configuration(settings));
    }

    private static Footprint footprint(Map<String, String> settings) {
        return trainers(settings).footprint();
    }

    private static TrainerSettings trainers(Map<String, String> settings) {
        return new TrainerSettings(configuration(settings));
    }

    private static Configuration configuration(Map<String, String> settings) {
        return Configuration.resolve(Map.of(), Optional.empty(), Map.of(), settings);
    }
}

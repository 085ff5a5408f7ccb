package rlaif.trainers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rlaif.events.FinishReason;
import rlaif.events.ScoredRollout;
import rlaif.events.VersionRange;
import rlaif.topics.Topic;
import rlaif.trainers.loop.Admission;

/// What PPO takes from `scored-rollouts`, and why it does not take the rest.
class ScoredRolloutIntakeTest {
    private static final String DIGEST = "d1";
    private static final long TRAINING_VERSION = 9;

    private final ScoredRolloutIntake intake = intake(PpoTrainer.Algorithm.PPO);

    private static ScoredRolloutIntake intake(PpoTrainer.Algorithm algorithm) {
        PpoTrainer.Settings usual =
                PpoTrainer.Settings.defaults(TestEvents.POLICY, TestEvents.SCORER, 1);
        return new ScoredRolloutIntake(
                TestEvents.codecs().codec(Topic.SCORED_ROLLOUTS),
                new TokenCheck(TinyModels.SHAPE, DIGEST, 32),
                new PpoTrainer.Settings(
                        algorithm,
                        usual.policy(),
                        usual.referenceVersion(),
                        usual.scorer(),
                        usual.valueOrigin(),
                        usual.seed(),
                        usual.groupsPerBatch(),
                        usual.groupSize(),
                        usual.stepsPerCheckpoint(),
                        usual.lastVersion(),
                        usual.maxStaleness(),
                        usual.ppo(),
                        usual.schedule(),
                        usual.tensorThreads(),
                        usual.pace()),
                () -> TRAINING_VERSION,
                Set.of(TRAINING_VERSION - 2));
    }

    @ParameterizedTest
    @EnumSource(names = {"RLOO", "GRPO"})
    void rolloutsThatNoGroupNamesAreNotCompared(PpoTrainer.Algorithm algorithm) {
        ScoredRolloutIntake comparing = intake(algorithm);
        assertRefused(comparing, ScoredRolloutIntake.MISSING_GROUP, r -> r.setGroupId(""));
        assertRefused(comparing, ScoredRolloutIntake.MISSING_GROUP, r -> r.setGroupSize(0));
        assertRefused(comparing, ScoredRolloutIntake.MISSING_GROUP, r -> r.setGroupSize(1));
        assertThat(
                        comparing.admit(
                                TestEvents.scoredRollout(1, 0, TRAINING_VERSION, DIGEST).build()))
                .isInstanceOf(Admission.Accepted.class);
    }

    @Test
    void ppoNeedsNoGroup() {
        assertThat(
                        intake.admit(
                                TestEvents.scoredRollout(1, 0, TRAINING_VERSION, DIGEST)
                                        .setGroupId("")
                                        .setGroupSize(0)
                                        .build()))
                .isInstanceOf(Admission.Accepted.class);
    }

    @Test
    void aRolloutOfAVersionThatWasRolledBackIsDroppedAndCounted() {
        ScoredRollout rollout =
                TestEvents.scoredRollout(1, 0, TRAINING_VERSION - 2, DIGEST).build();
        assertThat(intake.admit(rollout))
                .isEqualTo(new Admission.Dropped<>(ScoredRolloutIntake.ABANDONED));
    }

    @Test
    void aSoundRolloutIsTakenAsItIs() {
        ScoredRollout rollout = TestEvents.scoredRollout(1, 0, TRAINING_VERSION, DIGEST).build();
        Admission<AcceptedRollout> admission = intake.admit(rollout);
        assertThat(admission).isInstanceOf(Admission.Accepted.class);
        AcceptedRollout accepted = ((Admission.Accepted<AcceptedRollout>) admission).example();
        assertThat(accepted.sequence().completion())
                .containsExactly(rollout.getCompletionTokens().stream().mapToInt(i -> i).toArray());
        assertThat(accepted.sequence().score()).isEqualTo(rollout.getScore());
        assertThat(accepted.sequence().ended()).isTrue();
        assertThat(accepted.sequence().policyVersion()).isEqualTo(TRAINING_VERSION);
    }

    @Test
    void aRolloutIsAsStaleAsItsOldestToken() {
        assertThat(admitVersions(TRAINING_VERSION - 4, TRAINING_VERSION))
                .isInstanceOf(Admission.Accepted.class);
        assertThat(admitVersions(TRAINING_VERSION - 5, TRAINING_VERSION))
                .isEqualTo(new Admission.Dropped<>(ScoredRolloutIntake.STALE));
    }

    private Admission<AcceptedRollout> admitVersions(long first, long second) {
        ScoredRollout.Builder rollout = TestEvents.scoredRollout(1, 0, 0, DIGEST);
        return intake.admit(
                rollout.setPolicyVersions(
                                List.of(
                                        new VersionRange(first, 0, 1),
                                        new VersionRange(second, 1, tokens(rollout))))
                        .build());
    }

    @Test
    void recordsThatCannotBeTrainedOnAreRefusedByCode() {
        assertRefused(TokenCheck.OTHER_TOKENIZER, r -> r.setTokenizerDigest("d2"));
        assertRefused(TokenCheck.MISSING_TOKENS, r -> r.setCompletionTokens(List.of()));
        assertRefused(TokenCheck.MISSING_TOKENS, r -> r.setPromptTokens(List.of()));
        assertRefused(TokenCheck.TOKEN_OUT_OF_RANGE, r -> r.setPromptTokens(List.of(16)));
        assertRefused(
                TokenCheck.TOO_LONG, r -> r.setPromptTokens(java.util.Collections.nCopies(32, 2)));
        assertRefused(ScoredRolloutIntake.MISSING_SCORE, r -> r.setScore(null));
        for (double score : new double[] {Double.NaN, 1e300, -1e7}) {
            assertRefused(ScoredRolloutIntake.OUT_OF_RANGE, r -> r.setScore(score));
        }
        for (float logprob : new float[] {Float.NaN, -3e38f, -10_001, 0.1f}) {
            assertRefused(
                    ScoredRolloutIntake.OUT_OF_RANGE,
                    r -> r.setBehaviourLogprobs(java.util.Collections.nCopies(tokens(r), logprob)));
        }
        assertRefused(
                ScoredRolloutIntake.LOGPROBS_LENGTH, r -> r.setBehaviourLogprobs(List.of(-1f)));
        assertRefused(ScoredRolloutIntake.NOT_FULL_VOCABULARY, r -> r.setTopP(0.9));
        assertRefused(ScoredRolloutIntake.NOT_FULL_VOCABULARY, r -> r.setTopP(null));
        assertRefused(ScoredRolloutIntake.NOT_FULL_VOCABULARY, r -> r.setTopK(50));
        assertRefused(ScoredRolloutIntake.OTHER_TEMPERATURE, r -> r.setTemperature(0.7));
        assertRefused(ScoredRolloutIntake.OTHER_TEMPERATURE, r -> r.setTemperature(null));
        assertRefused(ScoredRolloutIntake.OTHER_SCORER, r -> r.setScorer("length"));
        assertRefused(ScoredRolloutIntake.OTHER_POLICY, r -> r.setPolicy("another"));
        assertRefused(ScoredRolloutIntake.MISSING_VERSIONS, r -> r.setPolicyVersions(List.of()));
        assertRefused(
                ScoredRolloutIntake.MISSING_VERSIONS,
                r -> r.setPolicyVersions(List.of(new VersionRange(1L, 0, tokens(r) - 1))));
        assertRefused(
                ScoredRolloutIntake.MISSING_VERSIONS,
                r ->
                        r.setPolicyVersions(
                                List.of(
                                        new VersionRange(1L, 0, 1),
                                        new VersionRange(2L, 2, tokens(r)))));
        assertRefused(
                ScoredRolloutIntake.FROM_THE_FUTURE,
                r ->
                        r.setPolicyVersions(
                                List.of(new VersionRange(TRAINING_VERSION + 1, 0, tokens(r)))));
        assertRefused(
                ScoredRolloutIntake.MISSING_FINISH_REASON,
                r -> r.setFinishReason(FinishReason.UNKNOWN));
    }

    private static int tokens(ScoredRollout.Builder rollout) {
        return rollout.getCompletionTokens().size();
    }

    private void assertRefused(String code, Consumer<ScoredRollout.Builder> spoil) {
        assertRefused(intake, code, spoil);
    }

    private static void assertRefused(
            ScoredRolloutIntake intake, String code, Consumer<ScoredRollout.Builder> spoil) {
        ScoredRollout.Builder rollout = TestEvents.scoredRollout(1, 0, TRAINING_VERSION, DIGEST);
        spoil.accept(rollout);
        Admission<AcceptedRollout> admission = intake.admit(rollout.build());
        assertThat(admission).as(code).isInstanceOf(Admission.Refused.class);
        assertThat(((Admission.Refused<AcceptedRollout>) admission).refusal().code())
                .isEqualTo(code);
    }
}

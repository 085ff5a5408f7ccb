package rlaif.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import rlaif.events.AbstainReason;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.events.Judgment;
import rlaif.events.Outcome;
import rlaif.events.PresentationOrder;
import rlaif.events.SecondOrder;
import rlaif.events.TrainingStep;
import rlaif.events.Verdict;
import rlaif.topics.Topic;

class TallyTest {
    private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

    private final Tally tally = new Tally("chat");

    private static Judgment judged(
            @Nullable Double firstShownFirst, @Nullable Double secondShownFirst) {
        return judged(SecondOrder.ALWAYS, firstShownFirst, secondShownFirst);
    }

    private static Judgment judged(
            SecondOrder secondOrder,
            @Nullable Double firstShownFirst,
            @Nullable Double secondShownFirst) {
        return Judgment.newBuilder()
                .setSecondOrder(secondOrder)
                .setOutcome(Outcome.PREFERRED)
                .setAbstainReason(AbstainReason.NONE)
                .setVerdicts(
                        List.of(
                                verdict(PresentationOrder.FIRST_SECOND, firstShownFirst),
                                verdict(PresentationOrder.SECOND_FIRST, secondShownFirst)))
                .build();
    }

    private static Verdict verdict(PresentationOrder order, @Nullable Double firstProbability) {
        return Verdict.newBuilder().setOrder(order).setFirstProbability(firstProbability).build();
    }

    @Test
    void ordersThatDisagreeOnTheCompletionChoseTheSamePlace() {
        tally.judgment(judged(0.9, 0.2));
        tally.judgment(judged(0.9, 0.8));
        tally.judgment(judged(0.1, 0.2));
        tally.judgment(judged(0.3, 0.6));
        tally.judgment(judged(0.3, null));

        assertThat(tally.snapshot(0).samePositionRate()).hasValue(0.5);
    }

    @Test
    void aTieIsNoPlaceAndPairsAskedAgainOutOfDoubtSayNothing() {
        tally.judgment(judged(0.5, 0.2));
        tally.judgment(judged(0.9, 0.5));
        tally.judgment(judged(SecondOrder.AUDIT, 0.9, 0.9));
        tally.judgment(judged(SecondOrder.AUDIT, 0.9, 0.2));
        tally.judgment(judged(SecondOrder.UNCERTAIN, 0.6, 0.4));
        tally.judgment(judged(SecondOrder.UNCERTAIN, 0.4, 0.6));

        assertThat(tally.snapshot(0).samePositionRate()).hasValue(0.25);
    }

    @Test
    void abstentionsAreCountedByReason() {
        tally.judgment(
                Judgment.newBuilder()
                        .setOutcome(Outcome.ABSTAINED)
                        .setAbstainReason(AbstainReason.UNREADABLE)
                        .build());
        tally.judgment(judged(0.9, 0.9));

        assertThat(tally.snapshot(0).abstained()).isEqualTo(Map.of(AbstainReason.UNREADABLE, 1L));
    }

    @Test
    void rateIsOfTheLastTenSeconds() {
        for (int i = 0; i < 200; i++) {
            tally.record(Topic.PREFERENCES, Instant.EPOCH, Instant.EPOCH);
            tally.labelled(i * SECOND_NANOS / 10);
        }

        assertThat(tally.snapshot(20 * SECOND_NANOS).labelsPerSecond()).isEqualTo(10, within(1.1));
        assertThat(tally.snapshot(40 * SECOND_NANOS).labelsPerSecond()).isZero();
        assertThat(tally.snapshot(40 * SECOND_NANOS).count(Topic.PREFERENCES)).isEqualTo(200);
    }

    @Test
    void whatWasLabelledBeforeAnybodyCountedIsNoRate() {
        tally.record(Topic.PREFERENCES, Instant.EPOCH, Instant.EPOCH);

        assertThat(tally.snapshot(0).count(Topic.PREFERENCES)).isEqualTo(1);
        assertThat(tally.snapshot(0).labelsPerSecond()).isZero();
    }

    @Test
    void firstLabelIsTheEarliest() {
        Instant early = Instant.ofEpochMilli(5);
        tally.record(Topic.PREFERENCES, Instant.ofEpochMilli(9), Instant.EPOCH);
        tally.record(Topic.PREFERENCES, early, Instant.EPOCH);

        assertThat(tally.snapshot(0).firstLabel()).contains(early);
    }

    @Test
    void newestVersionOfTheOwnPolicyIsShown() {
        tally.checkpoint(policy("chat", 3));
        tally.checkpoint(policy("chat", 2));
        tally.checkpoint(policy("other", 9));

        assertThat(tally.snapshot(0).policy().orElseThrow().getVersion()).isEqualTo(3);
        assertThat(tally.snapshot(0).rewardModel()).isEmpty();
    }

    private static Checkpoint policy(String name, long version) {
        return Checkpoint.newBuilder()
                .setPolicy(name)
                .setRole(CheckpointRole.POLICY)
                .setVersion(version)
                .build();
    }

    @Test
    void metricsAreOfEachTrainersNewestStep() {
        tally.step(step("train-ppo", 0.1));
        tally.step(step("train-ppo", 0.2));
        TallySnapshot snapshot = tally.snapshot(0);

        assertThat(snapshot.metric("train-ppo", "objective/kl")).hasValue(0.2);
        assertThat(snapshot.metric("train-ppo", "eps")).isEmpty();
        assertThat(snapshot.metric("train-sft", "objective/kl")).isEmpty();
    }

    private static TrainingStep step(String trainer, double kl) {
        return TrainingStep.newBuilder()
                .setPolicy("chat")
                .setTrainer(trainer)
                .setMetrics(Map.of("objective/kl", kl))
                .build();
    }

    @Test
    void deadLettersAreCountedByTopicAndCode() {
        tally.deadLetter(Topic.PAIRS, "JUDGE_TIMEOUT");
        tally.deadLetter(Topic.PAIRS, "JUDGE_TIMEOUT");
        tally.deadLetter(Topic.PROMPTS, "TOO_LONG");

        assertThat(tally.snapshot(0).deadLetters())
                .isEqualTo(
                        Map.of(
                                Topic.PAIRS,
                                Map.of("JUDGE_TIMEOUT", 2L),
                                Topic.PROMPTS,
                                Map.of("TOO_LONG", 1L)));
        assertThat(tally.snapshot(0).deadLetterCount()).isEqualTo(3);
    }
}

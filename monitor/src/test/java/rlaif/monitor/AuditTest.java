package rlaif.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static rlaif.monitor.AuditStage.HUMAN_LABELS_TO_PREFERENCES;
import static rlaif.monitor.AuditStage.JUDGMENTS_TO_PREFERENCES;
import static rlaif.monitor.AuditStage.PAIRS_TO_JUDGMENTS;
import static rlaif.monitor.AuditStage.PREFERENCES_TO_DPO;
import static rlaif.monitor.AuditStage.PREFERENCES_TO_REWARD_MODEL;
import static rlaif.monitor.AuditStage.PROMPTS_TO_ROLLOUTS;
import static rlaif.monitor.AuditStage.REVISIONS_TO_SFT;
import static rlaif.monitor.AuditStage.ROLLOUTS_TO_PAIRS;
import static rlaif.monitor.AuditStage.ROLLOUTS_TO_REVISIONS;
import static rlaif.monitor.AuditStage.ROLLOUTS_TO_SCORED_ROLLOUTS;
import static rlaif.monitor.AuditStage.SCORED_ROLLOUTS_TO_PPO;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import rlaif.events.AbstainReason;
import rlaif.events.CheckpointRole;
import rlaif.events.HumanLabel;
import rlaif.events.Judgment;
import rlaif.events.Outcome;
import rlaif.events.Pair;
import rlaif.events.Preference;
import rlaif.events.PreferenceWriter;
import rlaif.events.Prompt;
import rlaif.events.Revision;
import rlaif.events.Rollout;
import rlaif.events.ScoredRollout;
import rlaif.events.TrainingStep;
import rlaif.topics.Ids;
import rlaif.topics.Topic;

class AuditTest {
    private final SmallStream stream = new SmallStream(8);

    private static StageReport stage(Audit audit, AuditStage stage) {
        return audit.stages().stream()
                .filter(r -> r.stage().equals(stage.written()))
                .findFirst()
                .orElseThrow();
    }

    private static void assertLost(Audit audit, AuditStage stage, long lost, String example) {
        assertThat(stage(audit, stage).lost()).isEqualTo(lost);
        assertThat(audit.lost()).isEqualTo(lost);
        assertThat(audit.duplicated()).isZero();
        assertThat(stage(audit, stage).examples()).contains(example);
        assertThat(audit.holds()).isFalse();
    }

    private static void assertDuplicated(Audit audit, AuditStage stage, String example) {
        assertThat(stage(audit, stage).duplicated()).isEqualTo(1);
        assertThat(audit.duplicated()).isEqualTo(1);
        assertThat(audit.lost()).isZero();
        assertThat(stage(audit, stage).examples()).containsExactly(example);
    }

    @Test
    void wholeStreamHolds() {
        Audit audit = stream.audit();

        assertThat(audit.holds()).isTrue();
        assertThat(audit.inFlight()).isZero();
        assertThat(audit.stages())
                .containsExactly(
                        report(PROMPTS_TO_ROLLOUTS, 8, 8, 0),
                        report(ROLLOUTS_TO_REVISIONS, 8, 8, 0),
                        report(REVISIONS_TO_SFT, 8, 8, 0),
                        report(ROLLOUTS_TO_PAIRS, 8, 8, 0),
                        report(PAIRS_TO_JUDGMENTS, 8, 8, 0),
                        report(JUDGMENTS_TO_PREFERENCES, 8, 6, 2),
                        report(HUMAN_LABELS_TO_PREFERENCES, 0, 0, 0),
                        report(ROLLOUTS_TO_SCORED_ROLLOUTS, 16, 12, 4),
                        report(PREFERENCES_TO_REWARD_MODEL, 6, 6, 0),
                        report(PREFERENCES_TO_DPO, 0, 0, 0),
                        report(SCORED_ROLLOUTS_TO_PPO, 12, 10, 2));
    }

    private static StageReport report(AuditStage stage, long in, long out, long abstained) {
        return new StageReport(stage.written(), in, out, abstained, 0, 0, 0, 0, List.of());
    }

    @Test
    void removedRevisionIsLostAndADoubledOneIsSeen() {
        Revision removed = stream.revisions.remove(3);
        assertThat(stage(stream.audit(), ROLLOUTS_TO_REVISIONS).lost()).isEqualTo(1);
        assertThat(stage(stream.audit(), ROLLOUTS_TO_REVISIONS).examples())
                .containsExactly(removed.getInitial().getRolloutId());

        stream.revisions.add(3, removed);
        stream.revisions.add(removed);
        assertThat(stage(stream.audit(), ROLLOUTS_TO_REVISIONS).duplicated()).isEqualTo(1);
    }

    @Test
    void aRolloutWhoseRevisionWaitsOrWasRefusedIsNotLost() {
        String waiting = stream.revisions.remove(1).getInitial().getRolloutId();
        stream.revisions.remove(0);
        AuditInput input = SmallStream.consumed();
        input.pending(ROLLOUTS_TO_REVISIONS, waiting);
        input.deadLetter(ROLLOUTS_TO_REVISIONS, SmallStream.at(ROLLOUTS_TO_REVISIONS, 0));
        StageReport report = stage(Audit.of(stream.into(input)), ROLLOUTS_TO_REVISIONS);
        assertThat(report.inFlight()).isEqualTo(1);
        assertThat(report.deadLettered()).isEqualTo(1);
        assertThat(report.lost()).isZero();
    }

    @Test
    void whereAJudgeScoresRolloutsWaitForItAndForNobodyWhoWouldPairThem() {
        AuditInput input = new AuditInput(Map.of(), Topic::shortName, _ -> false, true);
        Rollout rollout = stream.rollouts.getFirst();
        input.rollout(SmallStream.at(ROLLOUTS_TO_SCORED_ROLLOUTS, 0), rollout);

        Audit audit = Audit.of(input);

        assertThat(stage(audit, ROLLOUTS_TO_SCORED_ROLLOUTS).inFlight()).isEqualTo(1);
        assertThat(stage(audit, ROLLOUTS_TO_PAIRS).in()).isZero();
    }

    @Test
    void removedGroupIsLost() {
        Rollout first = stream.rollouts.remove(4);
        stream.rollouts.remove(4);
        stream.scoredRollouts.subList(0, 2).clear();
        stream.pairs.remove(2);
        stream.judgments.remove(2);

        assertThat(stage(stream.audit(), PROMPTS_TO_ROLLOUTS).lost()).isEqualTo(1);
        assertThat(stage(stream.audit(), PROMPTS_TO_ROLLOUTS).examples())
                .containsExactly(first.getPromptId());
    }

    @Test
    void groupThatLacksARolloutIsLost() {
        Rollout removed = stream.rollouts.remove(15);
        stream.scoredRollouts.removeLast();

        assertLost(stream.audit(), PROMPTS_TO_ROLLOUTS, 1, removed.getPromptId());
    }

    @Test
    void rolloutInPlaceOfItsSiblingDoesNotMakeAGroupWhole() {
        stream.rollouts.set(15, stream.rollouts.get(14));

        Audit audit = stream.audit();

        assertThat(stage(audit, PROMPTS_TO_ROLLOUTS).lost()).isEqualTo(1);
        assertThat(stage(audit, PROMPTS_TO_ROLLOUTS).duplicated()).isEqualTo(1);
    }

    @Test
    void removedPairIsLost() {
        Pair removed = stream.pairs.remove(7);
        stream.judgments.remove(7);

        assertLost(stream.audit(), ROLLOUTS_TO_PAIRS, 1, removed.getGroupId());
    }

    @Test
    void removedJudgmentIsLost() {
        Judgment removed = stream.judgments.remove(7);

        assertLost(stream.audit(), PAIRS_TO_JUDGMENTS, 1, removed.getPairId());
    }

    @Test
    void removedPreferenceIsLost() {
        Preference removed = stream.preferences.removeLast();

        assertLost(stream.audit(), JUDGMENTS_TO_PREFERENCES, 1, removed.getId());
    }

    @Test
    void removedScoreIsLost() {
        String removed = stream.scoredRollouts.removeLast().getRolloutId();

        assertLost(stream.audit(), ROLLOUTS_TO_SCORED_ROLLOUTS, 1, removed);
    }

    @Test
    void stepThatPassesOverARecordLosesIt() {
        stream.steps.set(
                0,
                SmallStream.step(
                        "train-reward-model", SmallStream.PREFERENCES, 0, 1, 0, 5, Map.of()));

        assertLost(
                stream.audit(), PREFERENCES_TO_REWARD_MODEL, 1, stream.preferences.get(5).getId());
    }

    @Test
    void stepOfOneTrainerOfPreferencesIsNoneOfTheOther() {
        int all = stream.preferences.size();
        Audit without = Audit.of(stream.into(SmallStream.consumedByDpoToo()));
        assertLost(without, PREFERENCES_TO_DPO, all, stream.preferences.getFirst().getId());

        stream.steps.add(
                SmallStream.step("train-dpo", SmallStream.PREFERENCES, 0, 1, 0, all, Map.of()));
        stream.checkpoints.add(SmallStream.checkpoint(CheckpointRole.POLICY, "train-dpo", 0, 1));
        Audit with = Audit.of(stream.into(SmallStream.consumedByDpoToo()));
        assertThat(with.holds()).isTrue();
        assertThat(stage(with, PREFERENCES_TO_DPO).out()).isEqualTo(all);
    }

    @Test
    void doubledPromptIsDuplicated() {
        Prompt doubled = stream.prompts.getFirst();
        stream.prompts.add(doubled);

        assertDuplicated(stream.audit(), PROMPTS_TO_ROLLOUTS, doubled.getId());
    }

    @Test
    void doubledRolloutIsDuplicated() {
        Rollout doubled = stream.rollouts.get(6);
        stream.rollouts.add(doubled);

        assertDuplicated(stream.audit(), PROMPTS_TO_ROLLOUTS, doubled.getPromptId());
    }

    @Test
    void doubledPairIsDuplicated() {
        Pair doubled = stream.pairs.get(3);
        stream.pairs.add(doubled);

        assertDuplicated(stream.audit(), ROLLOUTS_TO_PAIRS, doubled.getGroupId());
    }

    @Test
    void doubledJudgmentIsDuplicated() {
        Judgment doubled = stream.judgments.get(3);
        stream.judgments.add(doubled);

        assertDuplicated(stream.audit(), PAIRS_TO_JUDGMENTS, doubled.getPairId());
    }

    @Test
    void pairJudgedUnderTwoPrinciplesIsDuplicated() {
        Judgment judged = stream.judgments.get(3);
        stream.judgments.add(
                Judgment.newBuilder(judged)
                        .setId(
                                Ids.judgment(
                                        judged.getPairId(), "large", "m", "t", "c", 1, "other", 7))
                        .build());

        assertDuplicated(stream.audit(), PAIRS_TO_JUDGMENTS, judged.getPairId());
    }

    @Test
    void preferenceOfAnAbstentionIsDuplicated() {
        stream.preferences.add(
                Preference.newBuilder().setId(stream.judgments.get(3).getId()).build());
        stream.steps.getFirst().getConsumed().getFirst().setTo(7L);

        assertDuplicated(stream.audit(), JUDGMENTS_TO_PREFERENCES, stream.judgments.get(3).getId());
    }

    @Test
    void secondScoreOfOneScorerIsDuplicatedAndOfAnotherIsNot() {
        ScoredRollout scored = stream.scoredRollouts.get(2);
        stream.steps.get(1).getConsumed().getFirst().setTo(13L);
        stream.scoredRollouts.add(ScoredRollout.newBuilder(scored).setScorer("direct").build());
        assertThat(stream.audit().holds()).isTrue();

        stream.scoredRollouts.set(12, scored);
        assertDuplicated(stream.audit(), ROLLOUTS_TO_SCORED_ROLLOUTS, scored.getRolloutId());
    }

    @Test
    void recordConsumedByTwoStepsIsDuplicated() {
        stream.steps.add(
                SmallStream.step("train-ppo", SmallStream.SCORED_ROLLOUTS, 0, 1, 11, 12, Map.of()));

        assertDuplicated(
                stream.audit(),
                SCORED_ROLLOUTS_TO_PPO,
                stream.scoredRollouts.get(11).getRolloutId());
    }

    @Test
    void stepsOfAnOlderGenerationBeyondItsLastCheckpointAreVoid() {
        stream.steps.add(
                1,
                SmallStream.step("train-ppo", SmallStream.SCORED_ROLLOUTS, 0, 2, 6, 12, Map.of()));
        stream.steps
                .get(2)
                .setConsumed(List.of(SmallStream.range(SmallStream.SCORED_ROLLOUTS, 0, 6)));
        stream.steps.add(
                SmallStream.step("train-ppo", SmallStream.SCORED_ROLLOUTS, 1, 2, 6, 12, Map.of()));
        stream.checkpoints.add(SmallStream.checkpoint(CheckpointRole.POLICY, "train-ppo", 1, 2));

        assertThat(stream.audit().holds()).isTrue();
    }

    @Test
    void stepsBeyondTheVersionThatADamagedOneIsFollowedByAreVoid() {
        stream.steps
                .get(1)
                .setConsumed(List.of(SmallStream.range(SmallStream.SCORED_ROLLOUTS, 0, 6)));
        stream.steps.add(
                SmallStream.step("train-ppo", SmallStream.SCORED_ROLLOUTS, 0, 2, 6, 12, Map.of()));
        stream.checkpoints.add(SmallStream.checkpoint(CheckpointRole.POLICY, "train-ppo", 0, 2));
        stream.checkpoints.add(SmallStream.checkpoint(CheckpointRole.POLICY, "train-ppo", 1, 1));
        stream.steps.add(
                SmallStream.step(
                        "train-ppo",
                        SmallStream.SCORED_ROLLOUTS,
                        2,
                        2,
                        6,
                        stream.scoredRollouts.size(),
                        Map.of()));
        stream.checkpoints.add(SmallStream.checkpoint(CheckpointRole.POLICY, "train-ppo", 2, 2));

        assertThat(stream.audit().holds()).isTrue();
    }

    /// As after PPO, DPO, PPO again, and a restart.
    @Test
    void stepsOfARunThatAnotherTrainerInterruptedAllCount() {
        stream.steps.remove(1);
        ppo(0, 1, 0, 3);
        ppo(0, 2, 3, 6);
        stream.checkpoints.add(SmallStream.checkpoint(CheckpointRole.POLICY, "train-ppo", 0, 2));
        ppo(1, 3, 6, 9);
        stream.checkpoints.add(SmallStream.checkpoint(CheckpointRole.POLICY, "train-ppo", 1, 3));
        ppo(2, 4, 9, stream.scoredRollouts.size());
        stream.checkpoints.add(SmallStream.checkpoint(CheckpointRole.POLICY, "train-ppo", 2, 4));

        assertThat(stream.audit().holds()).isTrue();
    }

    private void ppo(int generation, long step, long from, long to) {
        stream.steps.add(
                SmallStream.step(
                        "train-ppo",
                        SmallStream.SCORED_ROLLOUTS,
                        generation,
                        step,
                        from,
                        to,
                        Map.of()));
    }

    @Test
    void recordsThatWerePassedOverBetweenTwoStepsAreDropped() {
        stream.steps
                .get(1)
                .setConsumed(List.of(SmallStream.range(SmallStream.SCORED_ROLLOUTS, 0, 6)));
        TrainingStep passedOver =
                SmallStream.step(
                        "train-ppo",
                        SmallStream.SCORED_ROLLOUTS,
                        0,
                        2,
                        6,
                        stream.scoredRollouts.size(),
                        Map.of("STALE", stream.scoredRollouts.size() - 6L));
        passedOver.setRecords(0);
        stream.steps.add(passedOver);

        Audit audit = stream.audit();
        assertThat(audit.holds()).isTrue();
        assertThat(stage(audit, SCORED_ROLLOUTS_TO_PPO).abstained())
                .isEqualTo(stream.scoredRollouts.size() - 6L + 2);
    }

    @Test
    void whatIsNotConsumedYetIsInFlight() {
        stream.judgments.clear();
        stream.preferences.clear();

        Audit audit = Audit.of(stream.into(SmallStream.input(0)));

        assertThat(audit.holds()).isTrue();
        assertThat(stage(audit, PAIRS_TO_JUDGMENTS).inFlight()).isEqualTo(8);
    }

    @Test
    void whatIsPendingIsInFlight() {
        String pairId = stream.judgments.remove(7).getPairId();
        AuditInput input = SmallStream.consumed();
        input.pending(PAIRS_TO_JUDGMENTS, pairId);

        Audit audit = Audit.of(stream.into(input));

        assertThat(audit.holds()).isTrue();
        assertThat(stage(audit, PAIRS_TO_JUDGMENTS).inFlight()).isEqualTo(1);
    }

    @Test
    void deadLetterIsAnOutcomeAndASecondOneIsDuplicated() {
        String pairId = stream.judgments.remove(7).getPairId();
        AuditInput once = SmallStream.consumed();
        once.deadLetter(PAIRS_TO_JUDGMENTS, SmallStream.at(PAIRS_TO_JUDGMENTS, 7));
        Audit held = Audit.of(stream.into(once));
        assertThat(held.holds()).isTrue();
        assertThat(stage(held, PAIRS_TO_JUDGMENTS).deadLettered()).isEqualTo(1);

        AuditInput twice = SmallStream.consumed();
        twice.deadLetter(PAIRS_TO_JUDGMENTS, SmallStream.at(PAIRS_TO_JUDGMENTS, 7));
        twice.deadLetter(PAIRS_TO_JUDGMENTS, pairId);
        assertDuplicated(Audit.of(stream.into(twice)), PAIRS_TO_JUDGMENTS, pairId);
    }

    @Test
    void unreadableRecordNeedsADeadLetterToo() {
        AuditInput.Place poison = new AuditInput.Place(Topic.PAIRS, 0, 99);
        AuditInput without = stream.into(SmallStream.consumed());
        without.unreadable(poison);
        assertLost(Audit.of(without), PAIRS_TO_JUDGMENTS, 1, "pairs-0@99");

        AuditInput with = SmallStream.consumed();
        with.deadLetter(PAIRS_TO_JUDGMENTS, poison);
        stream.into(with).unreadable(poison);
        assertThat(Audit.of(with).holds()).isTrue();
    }

    @Test
    void examplesAreTenAtMost() {
        SmallStream larger = new SmallStream(40);
        larger.scoredRollouts.subList(20, 40).clear();
        larger.steps.get(1).getConsumed().getFirst().setTo(56L);

        StageReport scored = stage(larger.audit(), ROLLOUTS_TO_SCORED_ROLLOUTS);

        assertThat(scored.lost()).isEqualTo(20);
        assertThat(scored.examples()).hasSize(10).doesNotHaveDuplicates();
    }

    @Test
    void jsonHasTheDocumentedShape() {
        stream.judgments.remove(7);

        assertThat(stream.audit().toJson())
                .startsWith(
                        "{\"stages\":[{\"stage\":\"prompts -> rollouts\",\"in\":8,\"out\":8,\"abstained\":0,\"deadLettered\":0,\"inFlight\":0,\"lost\":0,\"duplicated\":0,\"examples\":[]},")
                .endsWith("],\"lost\":1,\"duplicated\":0}");
    }

    /// Judgments whose preferences another stage derives: the first left to people and labelled by
    /// two of them, the second left out by that stage.
    private AuditInput derived() {
        for (Judgment judgment : stream.judgments) {
            judgment.setPreferenceWriter(PreferenceWriter.PREFERENCES);
        }
        Judgment people = stream.judgments.getFirst();
        people.setOutcome(Outcome.ABSTAINED);
        people.setAbstainReason(AbstainReason.FOR_PEOPLE);
        for (String person : List.of("ann", "bob", "cas")) {
            stream.humanLabels.add(HumanLabel.newBuilder().setId(person).build());
        }
        Preference first = stream.preferences.getFirst();
        first.setJudgmentId(first.getId());
        first.setId("first");
        first.setHumanLabels(List.of("ann"));
        Preference second = Preference.newBuilder(first).setId("second").build();
        second.setSupersedes("first");
        second.setHumanLabels(List.of("ann", "bob"));
        stream.preferences.set(1, second);
        AuditInput input = SmallStream.consumed();
        input.unlabelled("j/" + stream.judgments.get(1).getId(), false);
        input.unlabelled("j/" + stream.judgments.get(3).getId(), false);
        input.unlabelled("j/" + stream.judgments.get(7).getId(), true);
        input.unlabelled("h/cas", false);
        return input;
    }

    @Test
    void derivedAndSupersedingPreferencesHold() {
        Audit audit = Audit.of(stream.into(derived()));
        assertThat(audit.holds()).as(audit.toJson()).isTrue();
        StageReport judgments = stage(audit, JUDGMENTS_TO_PREFERENCES);
        assertThat(judgments.out()).isEqualTo(5);
        assertThat(judgments.abstained()).isEqualTo(2);
        assertThat(judgments.inFlight()).isEqualTo(1);
        StageReport labels = stage(audit, HUMAN_LABELS_TO_PREFERENCES);
        assertThat(labels.out()).isEqualTo(2);
        assertThat(labels.abstained()).isEqualTo(1);
    }

    @Test
    void aDerivedPreferenceThatIsMissingIsLostWithTheLabelsInIt() {
        AuditInput input = derived();
        stream.preferences.remove(2);
        assertLost(
                Audit.of(stream.into(input)),
                JUDGMENTS_TO_PREFERENCES,
                1,
                stream.judgments.get(2).getId());
    }

    @Test
    void aHumanLabelInNoPreferenceIsLost() {
        AuditInput input = derived();
        stream.humanLabels.add(HumanLabel.newBuilder().setId("dan").build());
        assertLost(Audit.of(stream.into(input)), HUMAN_LABELS_TO_PREFERENCES, 1, "dan");
    }

    @Test
    void aPreferenceSupersededTwiceOrWrittenTwiceIsDuplicated() {
        AuditInput input = derived();
        Preference again = Preference.newBuilder(stream.preferences.get(1)).setId("third").build();
        stream.preferences.set(2, again);
        stream.judgments.remove(2);
        stream.pairs.remove(2);
        assertThat(stage(Audit.of(stream.into(input)), JUDGMENTS_TO_PREFERENCES).duplicated())
                .isEqualTo(1);
        again.setId("second");
        assertThat(
                        stage(Audit.of(stream.into(derivedAgain())), JUDGMENTS_TO_PREFERENCES)
                                .duplicated())
                .isEqualTo(1);
    }

    private AuditInput derivedAgain() {
        AuditInput input = SmallStream.consumed();
        stream.judgments.forEach(j -> input.unlabelled("j/" + j.getId(), false));
        return input;
    }

    @Test
    void preferencesWaitForATrainerThatIsAtWorkAndHasConsumedNothing() {
        AuditInput input = SmallStream.consumed();
        input.atWork(AuditStage.PREFERENCES_TO_DPO);
        StageReport waits = stage(Audit.of(stream.into(input)), AuditStage.PREFERENCES_TO_DPO);
        assertThat(waits.inFlight()).isEqualTo(stream.preferences.size()).isPositive();
        StageReport without = stage(stream.audit(), AuditStage.PREFERENCES_TO_DPO);
        assertThat(without.in()).isZero();
    }

    @Test
    void whereAJudgeScoresEveryRolloutMustBeScored() {
        AuditInput input =
                new AuditInput(
                        Map.of(ROLLOUTS_TO_SCORED_ROLLOUTS, Map.of(0, Long.MAX_VALUE)),
                        Topic::shortName,
                        _ -> false,
                        true);
        StageReport report = stage(Audit.of(stream.into(input)), ROLLOUTS_TO_SCORED_ROLLOUTS);
        assertThat(report.out()).isEqualTo(12);
        assertThat(report.abstained()).isZero();
        assertThat(report.lost()).isEqualTo(4);
    }
}

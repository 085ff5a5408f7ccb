package rlaif.monitor;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import rlaif.events.AbstainReason;
import rlaif.events.Candidate;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.events.HumanLabel;
import rlaif.events.Judgment;
import rlaif.events.OffsetRange;
import rlaif.events.Outcome;
import rlaif.events.Pair;
import rlaif.events.Preference;
import rlaif.events.Prompt;
import rlaif.events.Revision;
import rlaif.events.Rollout;
import rlaif.events.ScoredRollout;
import rlaif.events.TrainingStep;
import rlaif.topics.Ids;

/// A whole stream of a few prompts in memory, one partition a topic, in which everything has come
/// to its outcome.
///
/// Of every four pairs one judgment abstains. Scoring begins at the third group.
final class SmallStream {
    static final String REVISIONS = "rlaif.revisions.v1";
    static final String PREFERENCES = "rlaif.preferences.v1";
    static final String SCORED_ROLLOUTS = "rlaif.scored-rollouts.v1";

    final List<Prompt> prompts = new ArrayList<>();
    final List<Rollout> rollouts = new ArrayList<>();
    final List<Revision> revisions = new ArrayList<>();
    final List<Pair> pairs = new ArrayList<>();
    final List<Judgment> judgments = new ArrayList<>();
    final List<HumanLabel> humanLabels = new ArrayList<>();
    final List<Preference> preferences = new ArrayList<>();
    final List<ScoredRollout> scoredRollouts = new ArrayList<>();
    final List<Checkpoint> checkpoints = new ArrayList<>();
    final List<TrainingStep> steps = new ArrayList<>();

    SmallStream(int promptCount) {
        for (int i = 0; i < promptCount; i++) {
            prompt(i);
        }
        steps.add(step("train-reward-model", PREFERENCES, 0, 1, 0, preferences.size(), Map.of()));
        checkpoints.add(checkpoint(CheckpointRole.REWARD_MODEL, "train-reward-model", 0, 1));
        checkpoints.getFirst().setScoreFrom(List.of(range("rlaif.rollouts.v1", 4, -1)));
        steps.add(
                step(
                        "train-ppo",
                        SCORED_ROLLOUTS,
                        0,
                        1,
                        0,
                        scoredRollouts.size(),
                        Map.of("STALE", 2L)));
        checkpoints.add(checkpoint(CheckpointRole.POLICY, "train-ppo", 0, 1));
        steps.add(step("train-sft", REVISIONS, 0, 1, 0, revisions.size(), Map.of()));
        checkpoints.add(checkpoint(CheckpointRole.POLICY, "train-sft", 0, 1));
    }

    private void prompt(int i) {
        String promptId = Ids.prompt("test", Integer.toString(i), 0);
        String groupId = Ids.group(promptId);
        String first = Ids.rollout(groupId, 0);
        String second = Ids.rollout(groupId, 1);
        prompts.add(Prompt.newBuilder().setId(promptId).build());
        for (String rolloutId : List.of(first, second)) {
            rollouts.add(
                    Rollout.newBuilder()
                            .setId(rolloutId)
                            .setPromptId(promptId)
                            .setGroupId(groupId)
                            .setIndex(rolloutId.equals(first) ? 0 : 1)
                            .setGroupSize(2)
                            .build());
            if (i >= 2) {
                scoredRollouts.add(
                        ScoredRollout.newBuilder()
                                .setRolloutId(rolloutId)
                                .setScorer("reward-model")
                                .build());
            }
        }
        revisions.add(
                Revision.newBuilder()
                        .setId(Ids.revision(first, "large", "m", "templates", "c", 1, 7))
                        .setInitial(Candidate.newBuilder().setRolloutId(first).build())
                        .build());
        String pairId = Ids.pair(first, second);
        pairs.add(Pair.newBuilder().setId(pairId).setGroupId(groupId).build());
        judge(pairId, i % 4 == 3);
    }

    private void judge(String pairId, boolean abstains) {
        String judgmentId = Ids.judgment(pairId, "large", "m", "template", "c", 1, "no-crime", 7);
        judgments.add(
                Judgment.newBuilder()
                        .setId(judgmentId)
                        .setPairId(pairId)
                        .setOutcome(abstains ? Outcome.ABSTAINED : Outcome.PREFERRED)
                        .setAbstainReason(abstains ? AbstainReason.IDENTICAL : AbstainReason.NONE)
                        .build());
        if (!abstains) {
            preferences.add(Preference.newBuilder().setId(judgmentId).build());
        }
    }

    /// Offsets of the only partition of a topic.
    static OffsetRange range(String topic, long from, long to) {
        return new OffsetRange(topic, 0, from, to);
    }

    static TrainingStep step(
            String trainer,
            String topic,
            int generation,
            long step,
            long from,
            long to,
            Map<String, Long> dropped) {
        return TrainingStep.newBuilder()
                .setRun(trainer)
                .setTrainer(trainer)
                .setGeneration(generation)
                .setStep(step)
                .setConsumed(List.of(range(topic, from, to)))
                .setDropped(dropped)
                .build();
    }

    static Checkpoint checkpoint(CheckpointRole role, String run, int generation, long step) {
        return Checkpoint.newBuilder()
                .setRole(role)
                .setRun(run)
                .setGeneration(generation)
                .setStep(step)
                .build();
    }

    /// An input in which each group has committed everything.
    static AuditInput consumed() {
        return input(Long.MAX_VALUE);
    }

    /// The same of a stream in which DPO has trained too.
    static AuditInput consumedByDpoToo() {
        return input(Set.of(AuditStage.values()), Long.MAX_VALUE);
    }

    /// An input in which each group but DPO's has committed `offset` on partition 0.
    static AuditInput input(long offset) {
        return input(EnumSet.complementOf(EnumSet.of(AuditStage.PREFERENCES_TO_DPO)), offset);
    }

    private static AuditInput input(Set<AuditStage> atWork, long offset) {
        Map<AuditStage, Map<Integer, Long>> committed = new EnumMap<>(AuditStage.class);
        atWork.forEach(stage -> committed.put(stage, Map.of(0, offset)));
        return new AuditInput(
                committed,
                topic -> "rlaif." + topic.shortName() + ".v1",
                rollout -> rollout.getIndex() == 0,
                false);
    }

    Audit audit() {
        return Audit.of(into(consumed()));
    }

    AuditInput into(AuditInput input) {
        checkpoints.forEach(input::checkpoint);
        steps.forEach(input::step);
        for (int i = 0; i < prompts.size(); i++) {
            input.prompt(at(AuditStage.PROMPTS_TO_ROLLOUTS, i), prompts.get(i));
        }
        for (int i = 0; i < rollouts.size(); i++) {
            input.rollout(at(AuditStage.ROLLOUTS_TO_PAIRS, i), rollouts.get(i));
        }
        for (int i = 0; i < revisions.size(); i++) {
            input.revision(at(AuditStage.REVISIONS_TO_SFT, i), revisions.get(i));
        }
        for (int i = 0; i < pairs.size(); i++) {
            input.pair(at(AuditStage.PAIRS_TO_JUDGMENTS, i), pairs.get(i));
        }
        for (int i = 0; i < judgments.size(); i++) {
            input.judgment(at(AuditStage.JUDGMENTS_TO_PREFERENCES, i), judgments.get(i));
        }
        for (int i = 0; i < humanLabels.size(); i++) {
            input.humanLabel(at(AuditStage.HUMAN_LABELS_TO_PREFERENCES, i), humanLabels.get(i));
        }
        for (int i = 0; i < preferences.size(); i++) {
            input.preference(at(AuditStage.PREFERENCES_TO_REWARD_MODEL, i), preferences.get(i));
        }
        for (int i = 0; i < scoredRollouts.size(); i++) {
            input.scoredRollout(at(AuditStage.SCORED_ROLLOUTS_TO_PPO, i), scoredRollouts.get(i));
        }
        return input;
    }

    /// The place of the record at `offset` in the only partition of a stage's source.
    static AuditInput.Place at(AuditStage stage, long offset) {
        return new AuditInput.Place(stage.source(), 0, offset);
    }
}

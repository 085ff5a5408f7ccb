package rlaif.monitor;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.events.HumanLabel;
import rlaif.events.Judgment;
import rlaif.events.OffsetRange;
import rlaif.events.Outcome;
import rlaif.events.Pair;
import rlaif.events.Preference;
import rlaif.events.PreferenceWriter;
import rlaif.events.Prompt;
import rlaif.events.Revision;
import rlaif.events.Rollout;
import rlaif.events.ScoredRollout;
import rlaif.events.TrainingStep;
import rlaif.topics.Topic;

/// What an audit has read so far, as ids and counts: some 50 bytes a record and stage.
///
/// Dead letters, checkpoints and pending ids go in before the records of the flow; these in offset
/// order within a partition.
public final class AuditInput {
    private static final int MOST_NAMES = 10_000;

    private final Map<AuditStage, Map<Integer, Long>> committed;
    private final Predicate<Rollout> revised;
    private final Map<AuditStage, OutcomeLedger> outcomes = new EnumMap<>(AuditStage.class);
    private final Map<AuditStage, ConsumptionLedger> consumptions = new EnumMap<>(AuditStage.class);
    private final IdTable rolloutsOfPrompt = new IdTable();
    private final IdTable labelledLater = new IdTable();
    private final boolean scoresDirectly;
    private final IdTable distinct = new IdTable();
    private final Map<Place, List<AuditStage>> deadLetteredPlaces = new HashMap<>();
    private final Map<Place, Id> deadLetteredIds = new HashMap<>();
    private final Map<Id, String> names = new HashMap<>();
    private Map<Integer, Long> scoreFrom = Map.of();
    private boolean rewardModelAnnounced;
    private boolean labelledAnew;

    /// Where a record stands.
    ///
    /// @param partition from 0
    /// @param offset from 0
    public record Place(Topic topic, int partition, long offset) {
        @Override
        public String toString() {
            return "%s-%d@%d".formatted(topic.shortName(), partition, offset);
        }
    }

    private final Set<AuditStage> atWork = EnumSet.noneOf(AuditStage.class);

    /// @param committed position that each stage's group has committed, by partition; absent: it
    ///   has consumed nothing
    /// @param topicNames of each topic, with its prefix
    /// @param revised which rollouts are to be revised
    /// @param scoresDirectly whether a judge scores, from the first rollout on, and no reward model
    public AuditInput(
            Map<AuditStage, Map<Integer, Long>> committed,
            Function<Topic, String> topicNames,
            Predicate<Rollout> revised,
            boolean scoresDirectly) {
        this.committed = committed;
        this.revised = revised;
        this.scoresDirectly = scoresDirectly;
        for (AuditStage stage : AuditStage.values()) {
            switch (stage) {
                case PROMPTS_TO_ROLLOUTS,
                        ROLLOUTS_TO_REVISIONS,
                        ROLLOUTS_TO_PAIRS,
                        PAIRS_TO_JUDGMENTS,
                        JUDGMENTS_TO_PREFERENCES,
                        HUMAN_LABELS_TO_PREFERENCES,
                        ROLLOUTS_TO_SCORED_ROLLOUTS ->
                        outcomes.put(stage, new OutcomeLedger(stage));
                case REVISIONS_TO_SFT,
                        PREFERENCES_TO_REWARD_MODEL,
                        PREFERENCES_TO_DPO,
                        SCORED_ROLLOUTS_TO_PPO ->
                        consumptions.put(
                                stage,
                                new ConsumptionLedger(
                                        stage, topicNames.apply(stage.source()), committed(stage)));
            }
        }
    }

    private Map<Integer, Long> committed(AuditStage stage) {
        return committed.getOrDefault(stage, Map.of());
    }

    private OutcomeLedger outcomes(AuditStage stage) {
        return Objects.requireNonNull(outcomes.get(stage), stage.written());
    }

    private ConsumptionLedger consumption(AuditStage stage) {
        return Objects.requireNonNull(consumptions.get(stage), stage.written());
    }

    private Id id(String name) {
        Id id = Id.of(name);
        if (!Id.isHex(name) && names.size() < MOST_NAMES) {
            names.put(id, name);
        }
        return id;
    }

    private String name(Id id) {
        return names.getOrDefault(id, id.hex());
    }

    /// The id of what waits in a stage's pending store.
    public void pending(AuditStage stage, String id) {
        outcomes(stage).pending(id(id));
    }

    /// What is in no preference, by the preference stage's own account.
    ///
    /// @param key `j/judgment id` or `h/label id`
    /// @param waits whether one may follow; else the stage left it out
    public void unlabelled(String key, boolean waits) {
        OutcomeLedger ledger =
                outcomes(
                        key.startsWith("j/")
                                ? AuditStage.JUDGMENTS_TO_PREFERENCES
                                : AuditStage.HUMAN_LABELS_TO_PREFERENCES);
        Id id = id(key.substring(2));
        if (waits) {
            ledger.pending(id);
        } else {
            ledger.leftOut(id);
        }
    }

    /// A dead letter of the record at `source`.
    public void deadLetter(AuditStage stage, Place source) {
        if (consumptions.containsKey(stage)) {
            consumption(stage).deadLettered();
        } else {
            deadLetteredPlaces.computeIfAbsent(source, _ -> new ArrayList<>()).add(stage);
        }
    }

    /// A dead letter that does not say where its record stands, only which it is.
    public void deadLetter(AuditStage stage, String id) {
        if (consumptions.containsKey(stage)) {
            consumption(stage).deadLettered();
        } else {
            outcomes(stage).deadLettered(id(id));
        }
    }

    /// A version; those of reward models say where scoring begins.
    public void checkpoint(Checkpoint checkpoint) {
        consumptions.values().forEach(ledger -> ledger.checkpoint(checkpoint));
        if (checkpoint.getRole() == CheckpointRole.REWARD_MODEL && !rewardModelAnnounced) {
            rewardModelAnnounced = true;
            scoreFrom =
                    checkpoint.getScoreFrom().stream()
                            .collect(
                                    Collectors.toMap(
                                            OffsetRange::getPartition, OffsetRange::getFrom));
        }
    }

    /// A step of any trainer.
    public void step(TrainingStep step) {
        consumptions.values().forEach(ledger -> ledger.step(step));
    }

    /// A record of the flow that its codec refuses; it is named by its place.
    public void unreadable(Place place) {
        for (AuditStage stage : AuditStage.values()) {
            if (stage.source() == place.topic() && isAtWork(stage)) {
                in(stage, place, id(place.toString()));
            }
        }
    }

    /// Revising and DPO are stages that a stream may do without, and pairing where a judge scores.
    private boolean isAtWork(AuditStage stage) {
        boolean optional =
                stage == AuditStage.ROLLOUTS_TO_REVISIONS
                        || stage == AuditStage.PREFERENCES_TO_DPO
                        || (stage == AuditStage.ROLLOUTS_TO_PAIRS && scoresDirectly);
        return !optional || atWork.contains(stage) || !committed(stage).isEmpty();
    }

    /// Every judgment is labelled anew, whichever stage wrote a preference of it elsewhere; said
    /// before anything is counted.
    public void labelledAnew() {
        labelledAnew = true;
    }

    /// Counts what waits for a stage although its group has consumed nothing yet; said before
    /// anything is counted.
    public void atWork(AuditStage stage) {
        atWork.add(stage);
    }

    /// A dead letter that was sent back after dead letters were read: no outcome any more.
    ///
    /// @param source where its record stood; the id counts where that is not said
    public void retriedMeanwhile(AuditStage stage, Optional<Place> source, String id) {
        if (!consumptions.containsKey(stage)) {
            Id refused = source.isEmpty() ? id(id) : deadLetteredIds.get(source.get());
            if (refused != null) {
                outcomes(stage).retried(refused);
            }
        }
    }

    /// A record that was sent back to a stage that had refused it: no outcome of any other stage,
    /// and the same record to this one.
    ///
    /// @param id as the stage counts it
    public void retried(AuditStage stage, Place place, String id) {
        in(stage, place, id(id), true);
    }

    private void in(AuditStage stage, Place place, Id id) {
        in(stage, place, id, false);
    }

    private void in(AuditStage stage, Place place, Id id, boolean again) {
        if (consumptions.containsKey(stage)) {
            consumption(stage).in(place.partition(), place.offset(), id);
            return;
        }
        boolean inFlight = place.offset() >= committed(stage).getOrDefault(place.partition(), 0L);
        OutcomeLedger ledger = outcomes(stage);
        if (!again) {
            ledger.in(id, inFlight);
        } else if (inFlight) {
            ledger.pending(id);
        }
        for (AuditStage refusing : deadLetteredPlaces.getOrDefault(place, List.of())) {
            if (refusing != stage) {
                continue;
            }
            deadLetteredIds.put(place, id);
            if (stage == AuditStage.ROLLOUTS_TO_PAIRS) {
                ledger.deadLetteredOnce(id);
            } else {
                ledger.deadLettered(id);
            }
        }
    }

    /// A prompt at `place`.
    public void prompt(Place place, Prompt prompt) {
        in(AuditStage.PROMPTS_TO_ROLLOUTS, place, id(prompt.getId()));
    }

    /// A rollout at `place`: its prompt's outcome once its group is whole, and a record to pair, to
    /// score and perhaps to revise.
    public void rollout(Place place, Rollout rollout) {
        Id id = id(rollout.getId());
        Id prompt = id(rollout.getPromptId());
        if (isNew(id)) {
            long ofPrompt = rolloutsOfPrompt.get(prompt) + 1;
            rolloutsOfPrompt.set(prompt, ofPrompt);
            if (ofPrompt >= rollout.getGroupSize()) {
                outcomes(AuditStage.PROMPTS_TO_ROLLOUTS).out(prompt);
            }
        } else {
            outcomes(AuditStage.PROMPTS_TO_ROLLOUTS).surplus(prompt);
        }
        if (isAtWork(AuditStage.ROLLOUTS_TO_REVISIONS) && revised.test(rollout)) {
            in(AuditStage.ROLLOUTS_TO_REVISIONS, place, id);
        }
        if (isAtWork(AuditStage.ROLLOUTS_TO_PAIRS)) {
            in(AuditStage.ROLLOUTS_TO_PAIRS, place, id(rollout.getGroupId()));
        }
        in(AuditStage.ROLLOUTS_TO_SCORED_ROLLOUTS, place, id);
        if (!scoresDirectly
                && (!rewardModelAnnounced
                        || place.offset() < scoreFrom.getOrDefault(place.partition(), 0L))) {
            outcomes(AuditStage.ROLLOUTS_TO_SCORED_ROLLOUTS).leftOut(id);
        }
    }

    /// A revision at `place`: the outcome of its rollout, once for each id, and a record to learn
    /// from.
    public void revision(Place place, Revision revision) {
        Id id = id(revision.getId());
        Id rollout = id(revision.getInitial().getRolloutId());
        OutcomeLedger rollouts = outcomes(AuditStage.ROLLOUTS_TO_REVISIONS);
        if (isNew(id)) {
            rollouts.outOnce(rollout);
        } else {
            rollouts.surplus(rollout);
        }
        in(AuditStage.REVISIONS_TO_SFT, place, id);
    }

    private boolean isNew(Id id) {
        if (distinct.get(id) != 0) {
            return false;
        }
        distinct.set(id, 1);
        return true;
    }

    /// A pair at `place`: an outcome of its group, and a record to judge.
    public void pair(Place place, Pair pair) {
        Id id = id(pair.getId());
        Id group = id(pair.getGroupId());
        OutcomeLedger groups = outcomes(AuditStage.ROLLOUTS_TO_PAIRS);
        if (isNew(id)) {
            groups.outOnce(group);
        } else {
            groups.surplus(group);
        }
        in(AuditStage.PAIRS_TO_JUDGMENTS, place, id);
    }

    /// A judgment at `place`: the outcome of its pair, and a record that becomes a preference or
    /// abstains.
    public void judgment(Place place, Judgment judgment) {
        Id id = id(judgment.getId());
        outcomes(AuditStage.PAIRS_TO_JUDGMENTS).out(id(judgment.getPairId()));
        if (labelledAnew || judgment.getPreferenceWriter() == PreferenceWriter.PREFERENCES) {
            labelledLater.set(id, 1);
            in(AuditStage.JUDGMENTS_TO_PREFERENCES, place, id);
            return;
        }
        OutcomeLedger judgments = outcomes(AuditStage.JUDGMENTS_TO_PREFERENCES);
        judgments.in(id, false);
        if (judgment.getOutcome() == Outcome.ABSTAINED) {
            judgments.abstained(id);
        }
    }

    /// What a person said, at `place`.
    public void humanLabel(Place place, HumanLabel label) {
        in(AuditStage.HUMAN_LABELS_TO_PREFERENCES, place, id(label.getId()));
    }

    /// A preference at `place`: the outcome of its judgment and of the labels in it, and a record
    /// to learn from.
    public void preference(Place place, Preference preference) {
        Id id = id(preference.getId());
        Id judgment = preference.getJudgmentId().isEmpty() ? id : id(preference.getJudgmentId());
        OutcomeLedger judgments = outcomes(AuditStage.JUDGMENTS_TO_PREFERENCES);
        String supersedes = preference.getSupersedes();
        if (!isNew(Id.of("preference " + preference.getId()))) {
            judgments.surplus(judgment);
        } else if (supersedes != null) {
            if (!isNew(Id.of("superseded " + supersedes))) {
                judgments.surplus(judgment);
            }
        } else if (id.equals(judgment) || labelledLater.get(judgment) != 0) {
            judgments.out(judgment);
        }
        preference
                .getHumanLabels()
                .forEach(label ->
                        outcomes(AuditStage.HUMAN_LABELS_TO_PREFERENCES).outOnce(id(label)));
        in(AuditStage.PREFERENCES_TO_REWARD_MODEL, place, id);
        if (isAtWork(AuditStage.PREFERENCES_TO_DPO)) {
            in(AuditStage.PREFERENCES_TO_DPO, place, id);
        }
    }

    /// A scored rollout at `place`: the outcome of its rollout, once for each scorer, and a record
    /// to learn from.
    public void scoredRollout(Place place, ScoredRollout scored) {
        Id rollout = id(scored.getRolloutId());
        OutcomeLedger rollouts = outcomes(AuditStage.ROLLOUTS_TO_SCORED_ROLLOUTS);
        if (isNew(Id.of(scored.getRolloutId() + " by " + scored.getScorer()))) {
            rollouts.outOnce(rollout);
        } else {
            rollouts.surplus(rollout);
        }
        in(AuditStage.SCORED_ROLLOUTS_TO_PPO, place, rollout);
    }

    List<StageReport> reports() {
        List<StageReport> reports = new ArrayList<>();
        for (AuditStage stage : AuditStage.values()) {
            reports.add(
                    consumptions.containsKey(stage)
                            ? consumption(stage).report(this::name)
                            : outcomes(stage).report(this::name));
        }
        return reports;
    }
}

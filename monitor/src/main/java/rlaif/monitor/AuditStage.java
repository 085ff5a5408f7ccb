package rlaif.monitor;

import rlaif.topics.Topic;

/// A step of the flow in which every record of one topic must come to exactly one outcome.
public enum AuditStage {
    /// Prompt -> one group of n rollouts, or a dead letter. Counts prompts.
    PROMPTS_TO_ROLLOUTS("prompts -> rollouts", Topic.PROMPTS),
    /// Rollout that is to be revised -> exactly one revision, or a dead letter. Counts nothing
    /// where nobody has ever revised.
    ROLLOUTS_TO_REVISIONS("rollouts -> revisions", Topic.ROLLOUTS),
    /// Revision -> consumed by an SFT step that a checkpoint names; abstained: dropped there.
    REVISIONS_TO_SFT("revisions -> sft steps", Topic.REVISIONS),
    /// Group of rollouts -> its pairs, or a dead letter. Counts groups; nothing where a judge
    /// scores and nobody has ever paired.
    ROLLOUTS_TO_PAIRS("rollouts -> pairs", Topic.ROLLOUTS),
    /// Pair -> exactly one judgment, or a dead letter.
    PAIRS_TO_JUDGMENTS("pairs -> judgments", Topic.PAIRS),
    /// Judgment -> exactly one preference where it prefers; none where it abstains. Preferences
    /// that supersede it are no second outcome, each supersedes another one.
    JUDGMENTS_TO_PREFERENCES("judgments -> preferences", Topic.JUDGMENTS),
    /// Human label -> named in a preference; abstained: it says nothing, or is not merged.
    HUMAN_LABELS_TO_PREFERENCES("human-labels -> preferences", Topic.HUMAN_LABELS),
    /// Rollout -> one scored rollout a scorer, or a dead letter; abstained: it is older than the
    /// reward model.
    ROLLOUTS_TO_SCORED_ROLLOUTS("rollouts -> scored-rollouts", Topic.ROLLOUTS),
    /// Preference -> consumed by a reward-model step that a checkpoint names; abstained: held out
    /// or dropped there.
    PREFERENCES_TO_REWARD_MODEL("preferences -> reward-model steps", Topic.PREFERENCES),
    /// Preference -> consumed by a DPO step that a checkpoint names; abstained: dropped there, as
    /// stale. Counts nothing where DPO has never trained.
    PREFERENCES_TO_DPO("preferences -> dpo steps", Topic.PREFERENCES),
    /// Scored rollout -> consumed by a PPO step that a checkpoint names; abstained: dropped there,
    /// as stale or by rule.
    SCORED_ROLLOUTS_TO_PPO("scored-rollouts -> ppo steps", Topic.SCORED_ROLLOUTS);

    private final String written;
    private final Topic source;

    AuditStage(String written, Topic source) {
        this.written = written;
        this.source = source;
    }

    /// Its name in reports.
    public String written() {
        return written;
    }

    /// The topic whose records must come to an outcome.
    public Topic source() {
        return source;
    }
}

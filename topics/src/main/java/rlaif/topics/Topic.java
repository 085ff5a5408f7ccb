package rlaif.topics;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import rlaif.events.Checkpoint;
import rlaif.events.Constitution;
import rlaif.events.HumanLabel;
import rlaif.events.Judgment;
import rlaif.events.LabelStats;
import rlaif.events.Pair;
import rlaif.events.Preference;
import rlaif.events.Prompt;
import rlaif.events.Revision;
import rlaif.events.RoleStart;
import rlaif.events.Rollout;
import rlaif.events.ScoredRollout;
import rlaif.events.TrainingStep;

/// A topic of the flow; the constants stand in the order in which a record passes them.
@SuppressWarnings("ImmutableEnumChecker") // Set.of cannot be changed
public enum Topic {
    /// What the policy is asked, once each; keyed by prompt id.
    PROMPTS(
            "prompts",
            Prompt.class,
            Keep.RECORDS,
            Set.of(Role.PROMPTS),
            Set.of(Role.PROMPTS, Role.ROLLOUTS, Role.MONITOR)),
    /// Completions, one group in one transaction; keyed by prompt id.
    ROLLOUTS(
            "rollouts",
            Rollout.class,
            Keep.RECORDS,
            Set.of(Role.ROLLOUTS),
            Set.of(Role.JUDGE, Role.SCORE, Role.REVISE, Role.MONITOR)),
    /// Completions rewritten after critiques; keyed by prompt id.
    REVISIONS(
            "revisions",
            Revision.class,
            Keep.RECORDS,
            Set.of(Role.REVISE),
            Set.of(Role.TRAIN_SFT, Role.MONITOR)),
    /// Two rollouts of one group to compare; keyed by prompt id.
    PAIRS("pairs", Pair.class, Keep.RECORDS, Set.of(Role.JUDGE), Set.of(Role.JUDGE, Role.MONITOR)),
    /// All verdicts on a pair, combined; keyed by prompt id.
    JUDGMENTS(
            "judgments",
            Judgment.class,
            Keep.RECORDS,
            Set.of(Role.JUDGE),
            Set.of(Role.JUDGE, Role.LABEL_STATS, Role.MONITOR)),
    /// What people said about pairs; keyed by prompt id.
    HUMAN_LABELS(
            "human-labels",
            HumanLabel.class,
            Keep.RECORDS,
            Set.of(Role.OPERATOR, Role.MONITOR),
            Set.of(Role.JUDGE, Role.LABEL_STATS, Role.MONITOR)),
    /// Judgments fit to train on; keyed by prompt id.
    PREFERENCES(
            "preferences",
            Preference.class,
            Keep.RECORDS,
            Set.of(Role.JUDGE),
            Set.of(Role.TRAIN_REWARD_MODEL, Role.TRAIN_DPO, Role.MONITOR)),
    /// Windowed statistics of the labels; keyed by judge, principle, constitution and policy
    /// version.
    LABEL_STATS(
            "label-stats",
            LabelStats.class,
            Keep.RECORDS,
            Set.of(Role.LABEL_STATS),
            Set.of(Role.MONITOR)),
    /// Rollouts with their score; keyed by prompt id.
    SCORED_ROLLOUTS(
            "scored-rollouts",
            ScoredRollout.class,
            Keep.RECORDS,
            Set.of(Role.SCORE),
            Set.of(Role.TRAIN_PPO, Role.MONITOR)),
    /// Announcements of checkpoints; keyed by role/version.
    CHECKPOINTS(
            "checkpoints",
            Checkpoint.class,
            Keep.FOR_EVER,
            Set.of(
                    Role.TRAIN_SFT,
                    Role.TRAIN_REWARD_MODEL,
                    Role.TRAIN_PPO,
                    Role.TRAIN_DPO,
                    Role.OPERATOR),
            Set.of(
                    Role.ROLLOUTS,
                    Role.SCORE,
                    Role.TRAIN_SFT,
                    Role.TRAIN_REWARD_MODEL,
                    Role.TRAIN_PPO,
                    Role.TRAIN_DPO,
                    Role.MONITOR)),
    /// Optimizer steps; keyed by run id.
    TRAINING_STEPS(
            "training-steps",
            TrainingStep.class,
            Keep.FOR_EVER,
            Set.of(Role.TRAIN_SFT, Role.TRAIN_REWARD_MODEL, Role.TRAIN_PPO, Role.TRAIN_DPO),
            Set.of(
                    Role.TRAIN_SFT,
                    Role.TRAIN_REWARD_MODEL,
                    Role.TRAIN_PPO,
                    Role.TRAIN_DPO,
                    Role.MONITOR)),
    /// Versions of the principles, and which is active; keyed by id/version and id/active.
    CONSTITUTIONS(
            "constitutions",
            Constitution.class,
            Keep.FOR_EVER,
            Set.of(Role.OPERATOR),
            Set.of(Role.JUDGE, Role.SCORE, Role.REVISE, Role.MONITOR)),
    /// Starts of the roles whose settings say what an account of the stream expects; keyed by role.
    ROLE_STARTS(
            "role-starts",
            RoleStart.class,
            Keep.FOR_EVER,
            Set.of(Role.JUDGE, Role.SCORE, Role.REVISE, Role.TRAIN_DPO),
            Set.of(Role.MONITOR));

    /// Largest serialized record in bytes; a larger one is a dead letter without its payload.
    public static final int MAX_RECORD_BYTES = 8 * 1024 * 1024;

    /// Largest dead letter in bytes: a record of the largest size and its headers.
    public static final int MAX_DEAD_LETTER_BYTES = 9 * 1024 * 1024;

    private static final Duration RECORD_RETENTION = Duration.ofDays(30);
    private static final Duration MAX_CLOCK_SKEW = Duration.ofHours(1);

    private enum Keep {
        /// Partitioned with all other record topics, kept for a while.
        RECORDS,
        /// One partition, nothing deleted.
        FOR_EVER
    }

    private final String shortName;
    private final Class<? extends SpecificRecord> recordClass;
    private final Keep keep;
    private final Set<Role> writers;
    private final Set<Role> readers;

    Topic(
            String shortName,
            Class<? extends SpecificRecord> recordClass,
            Keep keep,
            Set<Role> writers,
            Set<Role> readers) {
        this.shortName = shortName;
        this.recordClass = recordClass;
        this.keep = keep;
        this.writers = writers;
        this.readers = readers;
    }

    /// The middle of the topic's name: `[prefix.]rlaif.<short name>.v1`.
    public String shortName() {
        return shortName;
    }

    /// The generated Avro class of its records.
    public Class<? extends SpecificRecord> recordClass() {
        return recordClass;
    }

    /// Schema of its records as this build writes them.
    public Schema schema() {
        return SpecificData.get().getSchema(recordClass);
    }

    /// Roles that write it.
    public Set<Role> writers() {
        return writers;
    }

    /// Roles that read it; the operator may read everything.
    public Set<Role> readers() {
        return readers;
    }

    /// Whether it has one partition whatever the layout; all others share the layout's count.
    public boolean isSinglePartition() {
        return keep == Keep.FOR_EVER;
    }

    /// Partitions under `layout`.
    public int partitions(Layout layout) {
        return isSinglePartition() ? 1 : layout.partitions();
    }

    /// Kafka topic settings under `layout`.
    public Map<String, String> settings(Layout layout) {
        return settings(
                layout, MAX_RECORD_BYTES, isSinglePartition() ? -1 : RECORD_RETENTION.toMillis());
    }

    /// Kafka topic settings of its dead letters under `layout`.
    public Map<String, String> deadLetterSettings(Layout layout) {
        return settings(layout, MAX_DEAD_LETTER_BYTES, RECORD_RETENTION.toMillis());
    }

    private static Map<String, String> settings(
            Layout layout, int maxMessageBytes, long retentionMillis) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("cleanup.policy", "delete");
        settings.put("retention.ms", Long.toString(retentionMillis));
        settings.put("compression.type", "zstd");
        settings.put("max.message.bytes", Integer.toString(maxMessageBytes));
        settings.put("message.timestamp.type", "CreateTime");
        settings.put("message.timestamp.after.max.ms", Long.toString(MAX_CLOCK_SKEW.toMillis()));
        settings.put("min.insync.replicas", Integer.toString(layout.minInSync()));
        return settings;
    }
}

package rlaif.monitor;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import rlaif.events.Rollout;
import rlaif.topics.Connection;
import rlaif.topics.Topic;

/// Where an audit looks besides the topics of the flow: whose positions say what was consumed, and
/// which stores hold what waits.
///
/// @param rollouts group of the rollout workers
/// @param revise group of the revising application
/// @param revised which rollouts are to be revised
/// @param sft group of SFT on revisions
/// @param judge group of the judging application
/// @param score group of the scoring application
/// @param rewardModel group of the reward-model trainer
/// @param ppo group of the PPO trainer
/// @param dpo group of the DPO trainer
/// @param pairingStage what dead letters of the pairing processor name as their stage
/// @param scoresDirectly whether a judge scores, from the first rollout on, and no reward model
/// @param unlabelled changelog of the store of what is in no preference, with its reasons
/// @param revisingStage what dead letters of the revising processor name as their stage
/// @param pendingStores stores of what was consumed and waits
/// @param atWork stages that a stream may do without, and that somebody works on even if nothing is
///   consumed yet
/// @param readPrefix prefix of the judgments and people's labels that are labelled anew, every one
///   of them; absent: preferences follow from those of the same prefix
public record AuditPlan(
        String rollouts,
        String revise,
        Predicate<Rollout> revised,
        String sft,
        String judge,
        String score,
        String rewardModel,
        String ppo,
        String dpo,
        String pairingStage,
        boolean scoresDirectly,
        String unlabelled,
        String revisingStage,
        List<PendingStore> pendingStores,
        Set<AuditStage> atWork,
        Optional<String> readPrefix) {
    static final String DPO = "train-dpo";
    static final String OBSERVING = "observing";
    private static final String PAIRING = "pairing";
    private static final String REVISING = "revising";

    /// A store of what waits in a stage.
    ///
    /// @param changelog name of its changelog topic, with its prefix
    /// @param id part of the key that is the id of what the stage counts
    public record PendingStore(AuditStage stage, String changelog, KeyPart id) {}

    /// A part of a store's key `group id/rollout id`, or of one without a slash.
    public enum KeyPart {
        /// All of it.
        WHOLE,
        /// The group id.
        BEFORE_SLASH,
        /// The rollout id.
        AFTER_SLASH;

        String of(String key) {
            return switch (this) {
                case WHOLE -> key;
                case BEFORE_SLASH -> key.substring(0, slash(key));
                case AFTER_SLASH -> key.substring(slash(key) + 1);
            };
        }

        private static int slash(String key) {
            int slash = key.indexOf('/');
            if (slash < 0) {
                throw new IllegalStateException("no slash in the key of a pending store: " + key);
            }
            return slash;
        }
    }

    public AuditPlan {
        pendingStores = List.copyOf(pendingStores);
        atWork = Set.copyOf(atWork);
    }

    /// The roles and stores as they are named under `connection`.
    ///
    /// @param revised which rollouts are to be revised
    /// @param scoresDirectly whether a judge scores, and no reward model
    public static AuditPlan of(
            Connection connection, Predicate<Rollout> revised, boolean scoresDirectly) {
        return of(connection, revised, scoresDirectly, Set.of(), Optional.empty());
    }

    /// The same where some stages that a stream may do without are at work, and perhaps what was
    /// judged and said under another prefix is labelled anew.
    public static AuditPlan of(
            Connection connection,
            Predicate<Rollout> revised,
            boolean scoresDirectly,
            Set<AuditStage> atWork,
            Optional<String> readPrefix) {
        String revise = connection.group("revise");
        String judge = connection.group("judge");
        String score = connection.group("score");
        return new AuditPlan(
                connection.group("rollouts"),
                revise,
                revised,
                connection.group("train-sft"),
                judge,
                score,
                connection.group("train-reward-model"),
                connection.group("train-ppo"),
                connection.group(DPO),
                PAIRING,
                scoresDirectly,
                changelog(judge, "preferring-unlabelled"),
                REVISING,
                List.of(
                        new PendingStore(
                                AuditStage.ROLLOUTS_TO_REVISIONS,
                                changelog(revise, "revising-pending"),
                                KeyPart.WHOLE),
                        new PendingStore(
                                AuditStage.ROLLOUTS_TO_PAIRS,
                                changelog(judge, "pairing-groups"),
                                KeyPart.BEFORE_SLASH),
                        new PendingStore(
                                AuditStage.PAIRS_TO_JUDGMENTS,
                                changelog(judge, "judging-pending"),
                                KeyPart.WHOLE),
                        new PendingStore(
                                AuditStage.ROLLOUTS_TO_SCORED_ROLLOUTS,
                                changelog(score, "scoring-groups"),
                                KeyPart.AFTER_SLASH)),
                atWork,
                readPrefix);
    }

    /// Where the records of a topic are that a stage of `connection` reads.
    Connection source(Connection connection, Topic topic) {
        boolean labelled = topic == Topic.JUDGMENTS || topic == Topic.HUMAN_LABELS;
        return labelled && readPrefix.isPresent()
                ? new Connection(connection.settings(), readPrefix.get())
                : connection;
    }

    /// Name that Kafka Streams gives the changelog of an application's store.
    private static String changelog(String application, String store) {
        return application + "-" + store + "-changelog";
    }

    String group(AuditStage stage) {
        return switch (stage) {
            case PROMPTS_TO_ROLLOUTS -> rollouts;
            case ROLLOUTS_TO_REVISIONS -> revise;
            case REVISIONS_TO_SFT -> sft;
            case ROLLOUTS_TO_PAIRS,
                    PAIRS_TO_JUDGMENTS,
                    JUDGMENTS_TO_PREFERENCES,
                    HUMAN_LABELS_TO_PREFERENCES ->
                    judge;
            case ROLLOUTS_TO_SCORED_ROLLOUTS -> score;
            case PREFERENCES_TO_REWARD_MODEL -> rewardModel;
            case PREFERENCES_TO_DPO -> dpo;
            case SCORED_ROLLOUTS_TO_PPO -> ppo;
        };
    }
}

package rlaif.monitor;

import java.util.List;
import rlaif.topics.Connection;

/// Where an audit looks besides the topics of the flow: whose positions say what was consumed, and
/// which stores hold what waits.
///
/// @param rollouts group of the rollout workers
/// @param judge group of the judging application
/// @param score group of the scoring application
/// @param rewardModel group of the reward-model trainer
/// @param ppo group of the PPO trainer
/// @param pairingStage what dead letters of the pairing processor name as their stage
/// @param pendingStores changelogs of stores whose keys begin with the ids of what waits, up to a
///   slash or the end
public record AuditPlan(
        String rollouts,
        String judge,
        String score,
        String rewardModel,
        String ppo,
        String pairingStage,
        List<PendingStore> pendingStores) {
    private static final String PAIRING = "pairing";

    /// A store of what waits in a stage.
    ///
    /// @param changelog name of its changelog topic, with its prefix
    public record PendingStore(AuditStage stage, String changelog) {}

    public AuditPlan {
        pendingStores = List.copyOf(pendingStores);
    }

    /// The roles and stores as they are named under `connection`.
    public static AuditPlan of(Connection connection) {
        String judge = connection.group("judge");
        String score = connection.group("score");
        return new AuditPlan(
                connection.group("rollouts"),
                judge,
                score,
                connection.group("train-reward-model"),
                connection.group("train-ppo"),
                PAIRING,
                List.of(
                        new PendingStore(
                                AuditStage.ROLLOUTS_TO_PAIRS, changelog(judge, "pairing-groups")),
                        new PendingStore(
                                AuditStage.PAIRS_TO_JUDGMENTS,
                                changelog(judge, "judging-pending")),
                        new PendingStore(
                                AuditStage.ROLLOUTS_TO_SCORED_ROLLOUTS,
                                changelog(score, "scoring-groups"))));
    }

    /// Name that Kafka Streams gives the changelog of an application's store.
    private static String changelog(String application, String store) {
        return application + "-" + store + "-changelog";
    }

    String group(AuditStage stage) {
        return switch (stage) {
            case PROMPTS_TO_ROLLOUTS -> rollouts;
            case ROLLOUTS_TO_PAIRS, PAIRS_TO_JUDGMENTS, JUDGMENTS_TO_PREFERENCES -> judge;
            case ROLLOUTS_TO_SCORED_ROLLOUTS -> score;
            case PREFERENCES_TO_REWARD_MODEL -> rewardModel;
            case SCORED_ROLLOUTS_TO_PPO -> ppo;
        };
    }
}

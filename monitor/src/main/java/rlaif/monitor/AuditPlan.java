package rlaif.monitor;

import java.util.List;
import rlaif.topics.Connection;

/// Where an audit looks besides the topics of the flow: whose positions say what was consumed, and which stores hold what waits.
///
/// @param rollouts group of the rollout workers
/// @param judge group of the judging application
/// @param score group of the scoring application
/// @param rewardModel group of the reward-model trainer
/// @param ppo group of the PPO trainer
/// @param scoringStage what dead letters of the scoring application name as their stage
/// @param pendingStores changelogs of stores whose keys are the ids of what waits
public record AuditPlan(
        String rollouts,
        String judge,
        String score,
        String rewardModel,
        String ppo,
        String scoringStage,
        List<PendingStore> pendingStores) {

    /// A store whose keys are the ids of what waits in a stage.
    ///
    /// @param changelog name of its changelog topic, with its prefix
    public record PendingStore(AuditStage stage, String changelog) {}

    public AuditPlan {
        pendingStores = List.copyOf(pendingStores);
    }

    /// The roles as they run under `connection`.
    ///
    /// @param judgeStores stores of the judging application, by the stage that they belong to
    public static AuditPlan of(Connection connection, List<StageStore> judgeStores) {
        String judge = connection.group("judge");
        return new AuditPlan(
                connection.group("rollouts"),
                judge,
                connection.group("score"),
                connection.group("train-reward-model"),
                connection.group("train-ppo"),
                "score",
                judgeStores.stream()
                        .map(
                                store ->
                                        new PendingStore(
                                                store.stage(),
                                                judge + "-" + store.name() + "-changelog"))
                        .toList());
    }

    /// A store of a Kafka Streams application.
    ///
    /// @param name the store's own name
    public record StageStore(AuditStage stage, String name) {}

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

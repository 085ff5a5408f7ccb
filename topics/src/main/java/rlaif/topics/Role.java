package rlaif.topics;

/// A part of the flow that runs, and is authorised, on its own.
public enum Role {
    PROMPTS("prompts", false),
    ROLLOUTS("rollouts", false),
    JUDGE("judge", true),
    SCORE("score", true),
    REVISE("revise", true),
    LABEL_STATS("label-stats", true),
    TRAIN_SFT("train-sft", false),
    TRAIN_REWARD_MODEL("train-reward-model", false),
    /// PPO, and RLOO and GRPO, which learn from the same records.
    TRAIN_PPO("train-ppo", false),
    TRAIN_DPO("train-dpo", false),
    MONITOR("monitor", false),
    /// Whoever creates topics, publishes constitutions, exports and audits.
    OPERATOR("operator", false);

    private final String id;
    private final boolean streams;

    Role(String id, boolean streams) {
        this.id = id;
        this.streams = streams;
    }

    /// Name as it is typed, and as it stands in group ids: lower case with hyphens.
    public String id() {
        return id;
    }

    /// Whether it is a Kafka Streams application, which owns internal topics.
    public boolean isStreams() {
        return streams;
    }
}

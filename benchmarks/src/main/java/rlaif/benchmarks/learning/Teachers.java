package rlaif.benchmarks.learning;

import rlaif.models.Transformer;
import rlaif.trainers.grouped.Grpo;
import rlaif.trainers.grouped.Rloo;

/// The teacher of each algorithm, made ready.
final class Teachers {
    private Teachers() {}

    /// @param sft policy 0, which is the reference
    /// @param policy that will be moved
    /// @param writer of policy 0
    static Teacher of(
            Lab lab, Transformer sft, Transformer policy, Writer writer, Examination examination) {
        return switch (lab.settings().algorithm()) {
            case DPO -> new LabelTeacher(lab, sft, policy);
            case D_RLAIF -> ScoreTeacher.ppo(lab, new Scorer.ByJudge(lab), sft, policy, sft);
            case PPO -> {
                RewardLearning reward = reward(lab, sft, writer, examination);
                yield ScoreTeacher.ppo(
                        lab,
                        new Scorer.ByRewardModel(lab, reward),
                        sft,
                        policy,
                        reward.rewardModel());
            }
            case RLOO ->
                    ScoreTeacher.grouped(
                            lab,
                            new Scorer.ByRewardModel(lab, reward(lab, sft, writer, examination)),
                            sft,
                            policy,
                            new Rloo());
            case GRPO ->
                    ScoreTeacher.grouped(
                            lab,
                            new Scorer.ByRewardModel(lab, reward(lab, sft, writer, examination)),
                            sft,
                            policy,
                            new Grpo());
        };
    }

    private static RewardLearning reward(
            Lab lab, Transformer sft, Writer writer, Examination examination) {
        RewardLearning reward = new RewardLearning(lab, sft);
        reward.warmUp(writer);
        examination.rewardModelOnVersionZero(reward.rewardModel());
        return reward;
    }
}

package rlaif.benchmarks.learning;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import rlaif.models.TensorThread;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;
import rlaif.worlds.NineRuleChat;
import rlaif.worlds.PracticeWorld;

/// The whole loop of nine-rule chat in one thread and without Kafka: what a setting learns, and how
/// long it takes.
///
/// Run with `--seed N` and any of {@link LabSettings}. It trains policy 0 on demonstrations, a
/// reward model on labels of the simulated judge, then PPO on rollouts of policies that are a few
/// versions old, and measures all of them against gold.
public final class LearningLab {
    private LearningLab() {}

    public static void main(String[] arguments) throws IOException {
        LabSettings settings = LabSettings.of(arguments);
        Lab.say("%s", settings);
        TensorThread.prepare(settings.threads());
        PracticeWorld world = new NineRuleChat();
        Path folder = Files.createTempDirectory("learning-lab");
        Files.writeString(folder.resolve("tokenizer.json"), world.tokenizerJson());
        try (Tokenizer tokenizer = Tokenizer.load(folder)) {
            run(new Lab(settings, world, tokenizer));
        }
    }

    private static void run(Lab lab) {
        try (Transformer sft = lab.clock().time("sft", new FineTuning(lab)::policy);
                Writer writer = new Writer(lab, sft)) {
            Examination examination = new Examination(lab, writer);
            if (lab.settings().warmupPairs() > 0) {
                learnFromFeedback(lab, sft, writer, examination);
            }
        }
        Lab.say("seconds%n%s", lab.clock());
    }

    private static void learnFromFeedback(
            Lab lab, Transformer sft, Writer writer, Examination examination) {
        try (RewardLearning reward = new RewardLearning(lab, sft);
                Transformer policy = sft.copy()) {
            reward.warmUp(writer);
            examination.rewardModelOnVersionZero(reward.rewardModel());
            new Reinforcement(lab, reward).run(sft, policy, examination);
            examination.last(policy, reward.rewardModel());
        }
    }
}

package rlaif.benchmarks.learning;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import rlaif.models.TensorThread;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;
import rlaif.worlds.NineRuleChat;
import rlaif.worlds.PracticeWorld;

/// The whole loop of nine-rule chat in one thread and without Kafka: what a setting learns, and how
/// long it takes.
///
/// Run with `--seed N` and any of {@link LabSettings}. It trains policy 0 on demonstrations, then
/// teaches it on rollouts of versions that are a few steps old, by one of the algorithms, and
/// measures against gold what came of it.
public final class LearningLab {
    private LearningLab() {}

    public static void main(String[] arguments) throws IOException {
        Lab.say("RESULT %s", run(LabSettings.of(arguments)).text());
    }

    /// Runs it, or finds what an earlier run of the same settings left in their folder.
    static Outcome run(LabSettings settings) throws IOException {
        Optional<Outcome> kept = Outcome.find(settings);
        if (kept.isPresent()) {
            return kept.get();
        }
        Lab.say("%s", settings);
        TensorThread.prepare(settings.threads());
        PracticeWorld world = new NineRuleChat();
        Path folder = Files.createTempDirectory("learning-lab");
        Files.writeString(folder.resolve("tokenizer.json"), world.tokenizerJson());
        try (Tokenizer tokenizer = Tokenizer.load(folder)) {
            Outcome outcome = run(new Lab(settings, world, tokenizer));
            outcome.keep(settings);
            return outcome;
        } finally {
            Files.delete(folder.resolve("tokenizer.json"));
            Files.delete(folder);
        }
    }

    private static Outcome run(Lab lab) {
        try (Transformer sft = lab.clock().time("sft", new FineTuning(lab)::policy);
                Writer writer = new Writer(lab, sft);
                Transformer policy = sft.copy()) {
            Examination examination = new Examination(lab, writer);
            List<Progress> curve;
            try (Teacher teacher = Teachers.of(lab, sft, policy, writer, examination)) {
                curve = new Reinforcement(lab, teacher).run(policy, examination);
                Outcome outcome = examination.last(policy, curve);
                Lab.say("seconds%n%s", lab.clock());
                return outcome;
            }
        }
    }
}

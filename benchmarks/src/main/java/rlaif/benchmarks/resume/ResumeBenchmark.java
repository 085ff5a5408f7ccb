package rlaif.benchmarks.resume;

import java.util.List;
import rlaif.benchmarks.Benchmark;

/// Trainers killed and paused at random moments, beside the same trainers undisturbed.
public final class ResumeBenchmark implements Benchmark {
    @Override
    public String name() {
        return "resume";
    }

    @Override
    public String about() {
        return "trainers on one log, killed at random moments or paused past their transaction: the same digest";
    }

    @Override
    public List<Part> parts() {
        return List.of(new Kills(Trainer.PPO), new Kills(Trainer.REWARD_MODEL), new Zombies());
    }
}

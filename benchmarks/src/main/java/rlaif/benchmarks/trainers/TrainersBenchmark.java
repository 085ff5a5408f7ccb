package rlaif.benchmarks.trainers;

import java.util.List;
import rlaif.benchmarks.Benchmark;

/// Training, sampling and the swap of weights, beside the PyTorch twin where there is one.
public final class TrainersBenchmark implements Benchmark {
    @Override
    public String name() {
        return "trainers";
    }

    @Override
    public String about() {
        return "training, sampling and swapping of weights, beside a PyTorch twin";
    }

    @Override
    public List<Part> parts() {
        return List.of(
                new TrainingSpeed(),
                new PpoSpeed(),
                new SamplingSpeed(),
                new ContinuousBatching(),
                new PpoMemory(),
                new FlatMemory(),
                new PublishToRollout(),
                new SwapStall());
    }
}

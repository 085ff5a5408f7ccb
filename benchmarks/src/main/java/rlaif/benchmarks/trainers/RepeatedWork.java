package rlaif.benchmarks.trainers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import rlaif.models.LoraSettings;
import rlaif.models.LoraTarget;
import rlaif.trainers.TrainedWeights;

/// What a trainer or a rollout worker does over and over, each time on other lengths.
enum RepeatedWork {
    SFT("SFT") {
        @Override
        Steps open(Path folder) {
            return new SftSteps(MODEL);
        }
    },
    PPO("PPO") {
        @Override
        Steps open(Path folder) {
            return ppo(new TrainedWeights.Every());
        }
    },
    ADAPTER_PPO("PPO of adapters") {
        @Override
        Steps open(Path folder) {
            return ppo(
                    new TrainedWeights.Adapters(
                            new LoraSettings(8, 16, EnumSet.allOf(LoraTarget.class))));
        }
    },
    SWAPPED_SAMPLING("sampling with a swap each time") {
        @Override
        Steps open(Path folder) throws IOException {
            return new SwappedSampling(MODEL, MODEL.folder(folder));
        }
    };

    private static final BenchModel MODEL = BenchModel.SMALL;
    private static final int ROLLOUTS = 8;

    private final String written;

    RepeatedWork(String written) {
        this.written = written;
    }

    /// Work under way.
    interface Steps extends AutoCloseable {
        void step(int number);

        @Override
        void close();
    }

    /// @param folder for what lies on disk
    abstract Steps open(Path folder) throws IOException;

    /// As it stands in a table.
    String written() {
        return written;
    }

    /// Minibatches of every step are drawn anew, and with them their lengths.
    private static Steps ppo(TrainedWeights weights) {
        PpoWork work = new PpoWork(MODEL, ROLLOUTS, weights);
        return new Steps() {
            @Override
            public void step(int number) {
                work.update(number);
            }

            @Override
            public void close() {
                work.close();
            }
        };
    }
}

package rlaif.trainers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rlaif.models.LoraSettings;
import rlaif.models.LoraTarget;
import rlaif.models.Transformer;
import rlaif.trainers.batching.MicroBatching;
import rlaif.trainers.sft.SupervisedExample;

/// Supervised training that is killed on the way.
class SupervisedTrainingTest {
    private static final long STEPS = 7;
    private static final long EVERY = 2;
    private static final LoraSettings ADAPTERS =
            new LoraSettings(2, 4, EnumSet.allOf(LoraTarget.class));

    @TempDir Path folder;

    /// What one start came to.
    ///
    /// @param metrics empty: it was stopped
    /// @param taken steps that it took itself
    @SuppressWarnings("ArrayRecordComponent") // compared once
    private record Ended(Optional<List<Map<String, Double>>> metrics, long taken, byte[] weights) {}

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTrainingGoesOnExactlyWhereItWroteDownThatItStood(boolean adapters) throws IOException {
        Ended undisturbed = train("one", "", 0, STEPS, adapters);
        assertThat(undisturbed.taken()).isEqualTo(STEPS);
        Ended stopped = train("one", "notes", EVERY, 5, adapters);
        assertThat(stopped.metrics()).isEmpty();
        Ended resumed = train("one", "notes", EVERY, STEPS, adapters);
        assertThat(resumed.taken()).isEqualTo(STEPS - 4); // steps 1 to 4 were kept
        assertThat(resumed.metrics()).isEqualTo(undisturbed.metrics());
        assertThat(resumed.weights()).isEqualTo(undisturbed.weights());
    }

    @ParameterizedTest
    @ValueSource(strings = {"weights", "optimizer", "metrics.json", "standing.json"})
    void aDamagedFileIsNotGoneOnWith(String file) throws IOException {
        Ended undisturbed = train("one", "", 0, STEPS, false);
        assertThat(train("one", "notes", EVERY, 5, false).metrics()).isEmpty();
        Path damaged = folder.resolve("notes/step-4").resolve(file);
        byte[] bytes = Files.readAllBytes(damaged);
        bytes[bytes.length / 2] ^= 1;
        Files.write(damaged, bytes);
        Ended again = train("one", "notes", EVERY, STEPS, false);
        assertThat(again.taken()).isEqualTo(STEPS);
        assertThat(again.weights()).isEqualTo(undisturbed.weights());
    }

    @Test
    void whatAnotherTrainingLeftIsNotGoneOnWith() throws IOException {
        assertThat(train("one", "notes", EVERY, 5, false).metrics()).isEmpty();
        assertThat(train("another", "notes", EVERY, STEPS, false).taken()).isEqualTo(STEPS);
    }

    @Test
    void oneStandingLiesThereAndNoneAfterClearing() throws IOException {
        train("one", "notes", EVERY, STEPS, false);
        assertThat(entries()).containsExactly("step-6");
        new SupervisedStanding(folder.resolve("notes"), "one").clear();
        assertThat(entries()).isEmpty();
    }

    private List<String> entries() throws IOException {
        try (Stream<Path> entries = Files.list(folder.resolve("notes"))) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }

    /// @param every steps between two notes in the folder `notes`; 0: none
    /// @param last step after which it is stopped
    private Ended train(String training, String notes, long every, long last, boolean adapters)
            throws IOException {
        List<SupervisedExample> examples =
                Stream.iterate(2, token -> token < 14, token -> token + 1)
                        .map(token ->
                                new SupervisedExample(
                                        new int[] {2, token}, new int[] {token + 1, 3, 1}))
                        .toList();
        AtomicLong step = new AtomicLong();
        AtomicLong taken = new AtomicLong();
        try (Transformer base = TinyModels.policy(5);
                Transformer policy = adapters ? base.adapted(ADAPTERS, 6) : base.copy()) {
            SupervisedTraining supervised =
                    new SupervisedTraining(
                            policy,
                            examples,
                            new SftTrainer.Settings(TestEvents.POLICY, 3, STEPS, 4, 1e-2, 1),
                            MicroBatching.undivided(),
                            (number, _, _) -> step.set(number));
            Optional<List<Map<String, Double>>> metrics =
                    supervised.train(
                            new SupervisedTraining.Cadence(
                                    new SupervisedStanding(folder.resolve(notes), training), every),
                            () -> {
                                boolean stops = step.get() >= last;
                                if (!stops) {
                                    taken.incrementAndGet();
                                }
                                return stops;
                            });
            Path weights = Files.createTempFile(folder, "weights", "");
            Files.delete(weights);
            policy.saveTrained(weights);
            return new Ended(metrics, taken.get(), Files.readAllBytes(weights));
        }
    }
}

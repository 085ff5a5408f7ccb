package rlaif.monitor.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.events.Checkpoint;
import rlaif.events.TrainingStep;

/// What stands in event files, byte by byte and as others read it.
class EventFolderTest {
    private static final String READER = "src/test/python/read_events.py";

    /// Exit code of the reader where the tensorboard package is missing.
    private static final int NOT_INSTALLED = 77;

    @TempDir private Path folder;

    @Test
    void aRecordIsFramedAsTensorFlowFramesIt() {
        // CRC-32C of "123456789" is e3069283 by every description of it
        byte[] framed = TfRecord.framed("123456789".getBytes(StandardCharsets.US_ASCII));
        int crc = 0xE3069283;
        int masked = Integer.rotateRight(crc, 15) + 0xA282EAD8;
        assertThat(framed).hasSize(8 + 4 + 9 + 4);
        assertThat(HexFormat.of().formatHex(framed, 0, 8)).isEqualTo("0900000000000000");
        assertThat(framed[21] & 0xFF).isEqualTo(masked & 0xFF);
        assertThat(framed[22] & 0xFF).isEqualTo((masked >>> 8) & 0xFF);
        assertThat(framed[23] & 0xFF).isEqualTo((masked >>> 16) & 0xFF);
        assertThat(framed[24] & 0xFF).isEqualTo(masked >>> 24);
    }

    @Test
    void anEventIsEncodedAsItsProtocolBufferSays() {
        byte[] encoded = new ScalarEvent(1.5, 300, Map.of("eps", 2.0)).encode();
        assertThat(HexFormat.of().formatHex(encoded))
                .isEqualTo("09000000000000f83f10ac022a0c0a0a0a036570731500000040");
        assertThat(ScalarEvent.stamp(encoded)).isEqualTo(new ScalarEvent(1.5, 300, Map.of()));
    }

    @Test
    void stepsGoOnAcrossStartsWithoutDuplicatesAndWithoutHalfRecords() throws IOException {
        try (EventFolder events = new EventFolder(folder)) {
            events.step(step("policy.train-ppo.1", 1), 1_000_000_000_000L);
            events.step(step("policy.train-ppo.1", 2), 1_000_000_001_000L);
        }
        Path file = onlyFile(folder.resolve("policy.train-ppo.1"));
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 3)); // killed in the middle
        try (EventFolder events = new EventFolder(folder)) {
            for (long number = 1; number <= 4; number++) {
                events.step(
                        step("policy.train-ppo.1", number), 1_000_000_000_000L + number * 1_000);
            }
        }
        assertThat(read(List.of()))
                .hasSize(4)
                .allSatisfy(line ->
                        assertThat(line)
                                .contains("\"run\": \"policy.train-ppo.1\"")
                                .contains("\"objective/kl\": 0.25", "\"dropped/STALE\": 3.0"));
        assertThat(read(List.of())).last().asString().contains("\"step\": 4");
    }

    @Test
    void tensorBoardItselfReadsTheSame() throws IOException {
        try (EventFolder events = new EventFolder(folder)) {
            events.step(step("a run/..", 7), 1_000_000_000_000L);
            events.version(
                    Checkpoint.newBuilder()
                            .setRun("a run/..")
                            .setStep(7)
                            .setMetrics(Map.of("held_out/brier", 0.125, "loss", 1.0))
                            .build(),
                    1_000_000_000_000L);
        }
        List<String> own = read(List.of());
        assertThat(own)
                .hasSize(2)
                .anySatisfy(line -> assertThat(line).contains("a_run_..\"", "\"eps\": 0.5"))
                .anySatisfy(line ->
                        assertThat(line)
                                .contains("a_run_../versions", "{\"held_out/brier\": 0.125}"));
        assertThat(read(List.of("--tensorboard"))).containsExactlyElementsOf(own);
    }

    @Test
    void aRunThatIsBegunAnewGoesOnBesideWhatItWasAlsoAfterARestart() throws IOException {
        for (int start = 0; start < 2; start++) {
            try (EventFolder events = new EventFolder(folder)) {
                events.step(step("run", 1), 1_000_000_000_000L);
                events.step(step("run", 2), 1_000_000_001_000L);
                events.step(step("run", 1), 1_000_000_500_000L);
            }
        }
        assertThat(read(List.of()))
                .satisfiesExactly(
                        line -> assertThat(line).contains("\"run\": \"run\", \"step\": 1,"),
                        line -> assertThat(line).contains("\"run\": \"run\", \"step\": 2,"),
                        line -> assertThat(line).contains("\"run\": \"run-2\", \"step\": 1,"));
    }

    @Test
    void aFolderOfAnotherStreamIsRefused() {
        try (EventFolder events = new EventFolder(folder)) {
            events.step(step("run", 5), 1_000_000_000_000L);
        }
        try (EventFolder events = new EventFolder(folder)) {
            assertThatThrownBy(() -> events.step(step("run", 1), 1_000_000_500_000L))
                    .isInstanceOf(ForeignEventsException.class)
                    .hasMessageContaining("holds steps of another stream")
                    .hasMessageContaining("--tensorboard");
        }
    }

    private static TrainingStep step(String run, long number) {
        return TrainingStep.newBuilder()
                .setRun(run)
                .setStep(number)
                .setRecords(8)
                .setPolicyVersion(number - 1)
                .setDropped(Map.of("STALE", 3L))
                .setMetrics(Map.of("objective/kl", 0.25, "eps", 0.5))
                .build();
    }

    private static Process started(List<String> command) {
        try {
            return new ProcessBuilder(command).start();
        } catch (IOException missing) {
            return abort("python3 is not installed: nothing but this project can read the files");
        }
    }

    private static Path onlyFile(Path run) throws IOException {
        try (Stream<Path> files = Files.list(run)) {
            return files.toList().getFirst();
        }
    }

    /// The events as the Python reader prints them; every CRC is checked there.
    private List<String> read(List<String> options) throws IOException {
        List<String> command =
                Stream.concat(Stream.of("python3", READER, folder.toString()), options.stream())
                        .toList();
        Process python = started(command);
        List<String> lines = python.inputReader(StandardCharsets.UTF_8).lines().toList();
        String errors = python.errorReader(StandardCharsets.UTF_8).lines().toList().toString();
        try {
            int exit = python.waitFor();
            assumeFalse(
                    exit == NOT_INSTALLED,
                    "python's tensorboard is not installed: only the reader beside this test read them");
            assertThat(exit).as(errors).isZero();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return lines;
    }
}

package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StopSignalTest {
    private static final int TERMINATED = 143;
    private static final int LONGEST_SECONDS = 60;

    /// A program that is asked to stop and never closes what it has open.
    static final class Busy {
        private Busy() {}

        public static void main(String[] arguments) throws InterruptedException {
            StopSignal signal = StopSignal.install(Duration.ofMillis(200));
            Runtime.getRuntime().addShutdownHook(new Thread(Busy::sleep));
            System.out.println("open");
            Thread.sleep(Duration.ofSeconds(LONGEST_SECONDS));
            signal.close();
        }

        /// The JVM's own exit waits for it.
        private static void sleep() {
            try {
                Thread.sleep(Duration.ofSeconds(2 * LONGEST_SECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void aProcessThatDoesNotCloseInTimeEndsWithoutTheExitHandlersOfItsLibraries()
            throws IOException, InterruptedException {
        Process busy =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Busy.class.getName())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (var output = busy.inputReader()) {
            assertThat(output.readLine()).isEqualTo("open");
            busy.destroy(); // SIGTERM
            assertThat(busy.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(busy.exitValue()).isEqualTo(TERMINATED);
        } finally {
            busy.destroyForcibly();
        }
    }
}

package rlaif.judging.computed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandFeedbackTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir Path folder;

    private static Feedback.Worth run(Duration deadline, String script)
            throws InterruptedException {
        return new CommandFeedback(List.of("/bin/sh", "-c", script), deadline, 2)
                .of("the prompt", "it said \"no\" $(rm -rf x) `id` \ud83d\ude00");
    }

    @Test
    void theProgramReadsJsonAndItsNumberIsTheWorth() throws IOException, InterruptedException {
        Path seen = folder.resolve("seen");
        assertThat(run(LONG, "cat > '" + seen + "'; echo ' -2.5e1 '"))
                .isEqualTo(new Feedback.Worth.Value(-25));
        assertThat(seen)
                .hasContent(
                        "{\"prompt\":\"the prompt\",\"completion\":\"it said \\\"no\\\" $(rm -rf x)"
                                + " `id` \ud83d\ude00\"}");
    }

    @Test
    void noShellReadsTheArguments() throws InterruptedException {
        Feedback echo = new CommandFeedback(List.of("/bin/echo", "$(echo 7)"), LONG, 1);
        assertThat(echo.of("", ""))
                .isEqualTo(
                        new Feedback.Worth.Refused(
                                "/bin/echo must write one finite number, got '$(echo 7)'"));
    }

    @Test
    void aProgramThatReadsNothingMayStillAnswerAMegabyte() throws InterruptedException {
        Feedback one = new CommandFeedback(List.of("/bin/echo", "1"), LONG, 1);
        assertThat(one.of("", "x".repeat(1 << 20))).isEqualTo(new Feedback.Worth.Value(1));
    }

    @Test
    void whatIsNoNumberIsARefusal() throws InterruptedException {
        for (String out : List.of("", "NaN", "Infinity", "1e999", "1 2", "0x10", "1d", "one")) {
            assertThat(run(LONG, "echo '" + out + "'"))
                    .as(out)
                    .isInstanceOf(Feedback.Worth.Refused.class);
        }
    }

    @Test
    void exitCodesTellWhetherAnotherAttemptHelps() throws InterruptedException {
        assertThat(run(LONG, "echo 1; echo 'no such word' >&2; exit 3"))
                .isEqualTo(
                        new Feedback.Worth.Refused("/bin/sh ended with exit code 3: no such word"));
        assertThat(run(LONG, "exit 75")).isInstanceOf(Feedback.Worth.RetryLater.class);
        assertThat(run(LONG, "kill -9 $$")).isInstanceOf(Feedback.Worth.RetryLater.class);
        assertThat(new CommandFeedback(List.of("/no/such/program"), LONG, 1).of("", ""))
                .isInstanceOfSatisfying(
                        Feedback.Worth.RetryLater.class,
                        later -> assertThat(later.cause()).contains("/no/such/program"));
    }

    @Test
    void endlessOutputIsCutAndTheProgramKilled() throws InterruptedException {
        assertThat(run(LONG, "yes 1"))
                .isEqualTo(
                        new Feedback.Worth.Refused(
                                "/bin/sh wrote more than 4096 bytes; it must write one number"));
    }

    @Test
    void atTheDeadlineTheProgramAndWhatItStartedAreKilled()
            throws IOException, InterruptedException {
        Path pids = folder.resolve("pids");
        Feedback.Worth worth =
                run(
                        Duration.ofSeconds(2),
                        "sleep 300 & echo $! > '%s'; echo $$ >> '%s'; wait".formatted(pids, pids));
        assertThat(worth)
                .isEqualTo(
                        new Feedback.Worth.RetryLater(
                                "/bin/sh did not end within 2000 ms and was killed"));
        for (String pid : Files.readAllLines(pids)) {
            awaitDead(Long.parseLong(pid));
        }
    }

    private static void awaitDead(long pid) throws InterruptedException {
        Instant last = Instant.now().plus(LONG);
        while (ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
            assertThat(Instant.now()).as("process " + pid + " lives on").isBefore(last);
            Thread.sleep(20);
        }
    }

    @Test
    void noMoreProgramsRunAtOnceThanAllowed() throws Exception {
        Path log = folder.resolve("log");
        Feedback feedback =
                new CommandFeedback(
                        List.of(
                                "/bin/sh",
                                "-c",
                                "echo + >> '%s'; sleep 0.05; echo - >> '%s'; echo 1"
                                        .formatted(log, log)),
                        LONG,
                        3);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Feedback.Worth>> worths = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                worths.add(threads.submit(() -> feedback.of("", "")));
            }
            for (Future<Feedback.Worth> worth : worths) {
                assertThat(worth.get()).isEqualTo(new Feedback.Worth.Value(1));
            }
        }
        int running = 0;
        for (String line : Files.readAllLines(log)) {
            running += line.equals("+") ? 1 : -1;
            assertThat(running).isBetween(0, 3);
        }
    }
}

package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Kills the whole process at a random moment; started again it finishes, and no record is lost or
/// there twice. Runs beside other tests: each demo is a process of its own.
@Execution(ExecutionMode.CONCURRENT)
class DemoKillTest {
    private static final Duration LONGEST = Duration.ofMinutes(4);
    private static final int LATEST_KILL_MILLIS = 35_000;

    @TempDir Path folder;

    @RepeatedTest(5)
    void killedAtARandomMomentAndStartedAgainItLosesNothing(RepetitionInfo repetition)
            throws Exception {
        Random random = new Random(4711L * repetition.getCurrentRepetition());
        long moment = 3_000L + random.nextInt(LATEST_KILL_MILLIS);
        Path data = folder.resolve("data");
        List<String> demo = List.of("demo", "--size", "small", "--json", "--data", data.toString());
        try (RlaifProcess killed = RlaifProcess.start(folder, demo)) {
            Thread.sleep(moment);
            killed.kill();
        }

        try (RlaifProcess again = RlaifProcess.start(folder, demo)) {
            again.await(LONGEST);
            assertThat(again.exitCode()).as("killed after %d ms: %s", moment, again.err()).isZero();
            JsonNode result = new ObjectMapper().readTree(again.lastLine());
            assertThat(result.at("/audit/lost").asLong(-1)).isZero();
            assertThat(result.at("/audit/duplicated").asLong(-1)).isZero();
            assertThat(result.at("/labels").asLong()).isPositive();
        }
        try (RlaifProcess audit =
                RlaifProcess.run(folder, LONGEST, "audit", "--json", "--data", data.toString())) {
            assertThat(audit.exitCode()).as(audit.err()).isZero();
        }
    }
}

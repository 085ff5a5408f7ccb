package rlaif.judging.local;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import rlaif.judging.Judge;
import rlaif.judging.JudgeContract;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class LocalJudgeContractTest extends JudgeContract {
    private LocalModel model;
    private LocalJudge judge;

    @BeforeAll
    void open(@TempDir Path root) throws IOException, InterruptedException {
        var settings = new LocalModel.Settings(1, 8, 8192, 8192, Duration.ofMillis(20));
        model = LocalModel.open(TinyJudge.train(root), settings);
        judge = new LocalJudge("local", "tiny", model, TinyJudge.PROMPT);
    }

    @AfterAll
    void close() {
        model.close();
    }

    @Override
    protected Judge judge() {
        return judge;
    }
}

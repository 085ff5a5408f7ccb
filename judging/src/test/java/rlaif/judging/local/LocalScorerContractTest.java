package rlaif.judging.local;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import rlaif.judging.ScoringJudge;
import rlaif.judging.ScoringJudgeContract;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class LocalScorerContractTest extends ScoringJudgeContract {
    private LocalModel model;
    private LocalScorer judge;

    @BeforeAll
    void open(@TempDir Path root) throws IOException, InterruptedException {
        model = LocalModel.open(TinyJudge.train(root), LocalModel.Settings.DEFAULT);
        judge = new LocalScorer("local", "tiny", model, TinyJudge.SCORE_PROMPT);
    }

    @AfterAll
    void close() {
        model.close();
    }

    @Override
    protected ScoringJudge judge() {
        return judge;
    }
}

package rlaif.judging.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.judging.Presentation;
import rlaif.judging.Reply;
import rlaif.models.ModelFolderException;

class LocalJudgeTest {

    @TempDir Path root;

    private static Presentation shown(String completion1, String completion2) {
        return new Presentation("p", TinyJudge.PRINCIPLE, "say it", completion1, completion2);
    }

    private static double mass(LocalJudge judge, String completion1, String completion2)
            throws InterruptedException {
        return switch (judge.ask(shown(completion1, completion2))) {
            case Reply.Unreadable(double covered, var _) -> covered;
            case Reply.Verdict verdict -> verdict.coveredMass();
            case Reply other -> throw new AssertionError("no reading: " + other);
        };
    }

    @Test
    void aTextInABatchOfOthersReadsAsItDoesAlone() throws Exception {
        Path folder = TinyJudge.random(root, TinyJudge.words("1", "2"), "WhitespaceSplit");
        var batched = new LocalModel.Settings(1, 16, 100_000, 8192, Duration.ofMillis(300));
        var alone = new LocalModel.Settings(1, 1, 100_000, 8192, Duration.ZERO);
        try (LocalModel one = LocalModel.open(folder, alone);
                LocalModel many = LocalModel.open(folder, batched);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var judgeAlone = new LocalJudge("j", "m", one, TinyJudge.PROMPT);
            var judgeBatched = new LocalJudge("j", "m", many, TinyJudge.PROMPT);
            List<Future<Double>> together = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                String completion = "good ".repeat(5 * i) + "bad";
                together.add(threads.submit(() -> mass(judgeBatched, completion, "bad")));
            }
            for (int i = 0; i < 16; i++) {
                double single = mass(judgeAlone, "good ".repeat(5 * i) + "bad", "bad");
                assertThat(together.get(i).get()).isCloseTo(single, within(1e-5));
            }
        }
    }

    @Test
    void aModelThatDoesNotSayTheLabelsIsUnreadable() throws Exception {
        Path folder = TinyJudge.random(root, TinyJudge.words("1", "2"), "WhitespaceSplit");
        try (LocalModel model = LocalModel.open(folder, LocalModel.Settings.DEFAULT)) {
            var judge = new LocalJudge("j", "m", model, TinyJudge.PROMPT);
            assertThat(judge.ask(shown("good", "bad"))).isInstanceOf(Reply.Unreadable.class);
        }
    }

    @Test
    void theReplyShowsTheLikeliestTokensAndCountsThePrompt() throws Exception {
        Path folder = TinyJudge.random(root, TinyJudge.words("1", "2"), "WhitespaceSplit");
        try (LocalModel model = LocalModel.open(folder, LocalModel.Settings.DEFAULT)) {
            var judge = new LocalJudge("j", "m", model, TinyJudge.PROMPT);
            Presentation pair = shown("good", "bad");
            Reply.Exchange exchange = ((Reply.Unreadable) judge.ask(pair)).exchange();
            assertThat(exchange.request()).isEqualTo(TinyJudge.PROMPT.text(pair));
            assertThat(exchange.reply()).startsWith("{\"top_logprobs\":[{\"token\":");
            int words = TinyJudge.PROMPT.text(pair).strip().split("\\s+", -1).length;
            assertThat(exchange.promptTokens()).hasValue(words);
        }
    }

    @Test
    void aLabelThatTheTokenizerSplitsOrLacksIsNamedWithTheTokenizer() throws Exception {
        List<String> noTwo = TinyJudge.words("1");
        try (LocalModel model =
                LocalModel.open(
                        TinyJudge.random(root, noTwo, "WhitespaceSplit"),
                        LocalModel.Settings.DEFAULT)) {
            assertThatThrownBy(() -> new LocalJudge("j", "m", model, TinyJudge.PROMPT))
                    .isInstanceOf(ModelFolderException.class)
                    .hasMessageContaining("tokenizer.json")
                    .hasMessageContaining("no token for the label \"2\"");
        }
    }

    @Test
    void aPromptThatIsLongerThanTheModelReadsIsRefusedWithBothLengths() throws Exception {
        Path folder = TinyJudge.random(root, TinyJudge.words("1", "2"), "WhitespaceSplit");
        try (LocalModel model = LocalModel.open(folder, LocalModel.Settings.DEFAULT)) {
            var judge = new LocalJudge("j", "m", model, TinyJudge.PROMPT);
            assertThat(judge.ask(shown("good ".repeat(300), "bad")))
                    .isInstanceOfSatisfying(
                            Reply.Refused.class,
                            refused -> {
                                assertThat(refused.cause())
                                        .matches(".* has 3\\d\\d tokens.* reads 256 tokens.*");
                                assertThat(refused.usage().calls()).isZero();
                            });
            assertThat(judge.ask(shown("x".repeat(1 << 20), "bad")))
                    .isInstanceOfSatisfying(
                            Reply.Refused.class,
                            refused -> assertThat(refused.cause()).contains("characters"));
        }
    }

    @Test
    void aPromptThatIsLongerThanAllowedIsRefusedThoughTheModelHasRoom() throws Exception {
        Path folder = TinyJudge.random(root, TinyJudge.words("1", "2"), "WhitespaceSplit");
        var settings = new LocalModel.Settings(1, 16, 8192, 100, Duration.ZERO);
        try (LocalModel model = LocalModel.open(folder, settings)) {
            var judge = new LocalJudge("j", "m", model, TinyJudge.PROMPT);
            assertThat(judge.ask(shown("good", "bad"))).isInstanceOf(Reply.Unreadable.class);
            assertThat(judge.ask(shown("good ".repeat(120), "bad")))
                    .isInstanceOfSatisfying(
                            Reply.Refused.class,
                            refused ->
                                    assertThat(refused.cause())
                                            .matches(".* has 1\\d\\d tokens.* reads 100 tokens.*")
                                            .contains("judge.local.maxTokens"));
            assertThat(judge.ask(shown("x".repeat(10_000), "bad")))
                    .as("not even tokenized")
                    .isInstanceOfSatisfying(
                            Reply.Refused.class,
                            refused -> assertThat(refused.cause()).contains("characters"));
        }
    }

    @Test
    void whoeverWaitsOrAsksAfterwardsIsToldThatTheModelIsClosed() throws Exception {
        Path folder = TinyJudge.random(root, TinyJudge.words("1", "2"), "WhitespaceSplit");
        var settings = new LocalModel.Settings(1, 16, 8192, 8192, Duration.ofMinutes(10));
        LocalModel model = LocalModel.open(folder, settings);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<LocalModel.Next> waits = threads.submit(() -> model.next(new int[] {3, 4}));
            Thread.sleep(100);
            model.close();
            assertThat(waits.get()).isInstanceOf(LocalModel.Next.Unavailable.class);
            assertThat(model.next(new int[] {3, 4}))
                    .isInstanceOf(LocalModel.Next.Unavailable.class);
        }
    }

    @Test
    void aJudgeWhoseModelIsClosedIsToBeAskedAgain() throws Exception {
        Path folder = TinyJudge.random(root, TinyJudge.words("1", "2"), "WhitespaceSplit");
        LocalModel model = LocalModel.open(folder, LocalModel.Settings.DEFAULT);
        var judge = new LocalJudge("j", "m", model, TinyJudge.PROMPT);
        model.close();
        assertThat(judge.ask(shown("a", "b"))).isInstanceOf(Reply.RetryLater.class);
    }

    @Test
    void aFolderWithoutAModelIsRefusedByName() {
        assertThatThrownBy(() -> LocalModel.open(root, LocalModel.Settings.DEFAULT))
                .isInstanceOf(ModelFolderException.class)
                .hasMessageContaining("tokenizer.json");
    }

    /// 400 batches whose logits alone are 1.3 MB: half a gigabyte, if they stayed.
    @Test
    void manyBatchesLeaveNoNativeMemoryBehind() throws Exception {
        List<String> words = new ArrayList<>(TinyJudge.words("1", "2"));
        IntStream.range(0, 20_000).forEach(i -> words.add("word" + i));
        Path folder = TinyJudge.random(root, words, "WhitespaceSplit");
        var settings = new LocalModel.Settings(1, 16, 8192, 8192, Duration.ofMillis(5));
        try (LocalModel model = LocalModel.open(folder, settings)) {
            askInBatches(model, 50);
            long before = nativeBytes();
            askInBatches(model, 400);
            assertThat(nativeBytes() - before).isLessThan(200L << 20);
        }
    }

    private static void askInBatches(LocalModel model, int batches)
            throws ExecutionException, InterruptedException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int batch = 0; batch < batches; batch++) {
                List<Future<LocalModel.Next>> replies =
                        Stream.generate(() -> threads.submit(() -> model.next(new int[] {3, 4, 5})))
                                .limit(16)
                                .toList();
                for (Future<LocalModel.Next> reply : replies) {
                    assertThat(reply.get()).isInstanceOf(LocalModel.Next.Logprobs.class);
                }
            }
        }
    }

    /// Resident memory that is not the Java heap's.
    private static long nativeBytes() throws IOException {
        String[] pages = Files.readString(Path.of("/proc/self/statm")).split(" ", -1);
        var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        return Long.parseLong(pages[1]) * 4096 - heap.getCommitted();
    }
}

package rlaif.judging.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.judging.CompletionToScore;
import rlaif.judging.Reply;
import rlaif.models.ModelFolderException;

class LocalScorerTest {
    private static final CompletionToScore ASKED =
            new CompletionToScore("r", TinyJudge.PRINCIPLE, "say it", "good");

    @TempDir Path root;

    private static double[] probabilities(LocalModel model, int[] tokens)
            throws InterruptedException {
        float[] logprobs = ((LocalModel.Next.Logprobs) model.next(tokens)).ofToken();
        double[] probabilities = new double[logprobs.length];
        Arrays.setAll(probabilities, id -> Math.exp(logprobs[id]));
        return probabilities;
    }

    /// The vocabulary is digits, so that a random model cannot but say one.
    @Test
    void tenInTwoTokensIsOneTimesZeroBehindOne() throws Exception {
        List<String> digits = List.of("1", "2", "3", "4", "5", "6", "7", "8", "9", "0");
        Path folder = TinyJudge.random(root, withSpecial(digits), "Sequence");
        try (LocalModel model = LocalModel.open(folder, LocalModel.Settings.DEFAULT)) {
            var scorer = new LocalScorer("j", "m", model, TinyJudge.SCORE_PROMPT);
            int[] prompt = model.tokenizer().encodePrompt(TinyJudge.SCORE_PROMPT.text(ASKED));
            int one = model.tokenizer().encode("1")[0];
            int zero = model.tokenizer().encode("0")[0];
            double[] first = probabilities(model, prompt);
            int[] behind = Arrays.copyOf(prompt, prompt.length + 1);
            behind[prompt.length] = one;
            double ten = first[one] * probabilities(model, behind)[zero];
            double mass = first[one];
            double sum = (first[one] - ten) + 10 * ten;
            for (int score = 2; score <= 9; score++) {
                double p = first[model.tokenizer().encode(Integer.toString(score))[0]];
                sum += score * p;
                mass += p;
            }
            switch (scorer.score(ASKED)) {
                case Reply.Scored(double score, double covered, var _, var _) -> {
                    assertThat(covered).isCloseTo(mass, within(1e-5));
                    assertThat(score).isCloseTo(sum / mass, within(1e-5));
                }
                case Reply.Unreadable(double covered, var _) ->
                        assertThat(covered).isCloseTo(mass, within(1e-5)).isLessThan(0.9);
                case Reply other -> throw new AssertionError("no reading: " + other);
            }
        }
    }

    @Test
    void aScoreWithoutATokenIsNamed() throws Exception {
        Path folder =
                TinyJudge.random(root, withSpecial(List.of("1", "2", "3")), "WhitespaceSplit");
        try (LocalModel model = LocalModel.open(folder, LocalModel.Settings.DEFAULT)) {
            assertThatThrownBy(() -> new LocalScorer("j", "m", model, TinyJudge.SCORE_PROMPT))
                    .isInstanceOf(ModelFolderException.class)
                    .hasMessageContaining("\"4\"");
        }
        List<String> noTen = List.of("1", "2", "3", "4", "5", "6", "7", "8", "9");
        Path lacking = TinyJudge.random(root, withSpecial(noTen), "WhitespaceSplit");
        try (LocalModel model = LocalModel.open(lacking, LocalModel.Settings.DEFAULT)) {
            assertThatThrownBy(() -> new LocalScorer("j", "m", model, TinyJudge.SCORE_PROMPT))
                    .isInstanceOf(ModelFolderException.class)
                    .hasMessageContaining("\"10\"");
        }
    }

    private static List<String> withSpecial(List<String> words) {
        return java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("<pad>", "<eos>", "<unk>"), words.stream())
                .toList();
    }
}

package rlaif.judging.local;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import rlaif.judging.CompletionToScore;
import rlaif.judging.Principle;
import rlaif.judging.Reply;
import rlaif.judging.ScorePrompt;
import rlaif.judging.ScoringJudge;
import rlaif.models.ModelFolderException;
import rlaif.models.Tokenizer;

/// Direct scoring by a model in this process: `s = sum_i i P(i)`, i = 1..10, over its logits after
/// the scoring prompt, renormalised (d-RLAIF, RLAIF 2.2.2).
///
/// Where the tokenizer writes "10" as "1" and "0", the model is asked a second time behind the "1":
/// `P(10) = P("1") P("0" | "1")`, summed over the tokens that spell "1", with a space before it or
/// none, and `P(1)` is what is left of `P("1")`. The model is the caller's, who closes it.
public final class LocalScorer implements ScoringJudge {
    private static final int MOST = 10;

    private final String name;
    private final String modelName;
    private final LocalModel model;
    private final ScorePrompt prompt;
    private final List<LabelIds> labels; // "1" to "9", and "10" where it is one token
    private final Optional<Integer> zero; // the token that makes 1 a 10, where "10" is two

    /// @param name name of the judge in every score
    /// @param modelName model that every score names
    /// @throws ModelFolderException if the tokenizer splits a label in a way that cannot be read
    public LocalScorer(String name, String modelName, LocalModel model, ScorePrompt prompt) {
        if (name.isBlank() || modelName.isBlank()) {
            throw new IllegalArgumentException(
                    "a judge needs a name and a model, got name '%s' and model '%s'"
                            .formatted(name, modelName));
        }
        this.name = name;
        this.modelName = modelName;
        this.model = model;
        this.prompt = prompt;
        Tokenizer tokenizer = model.tokenizer();
        String any = prompt.text(new CompletionToScore("any", ANY, "a", "b"));
        List<LabelIds> found = new ArrayList<>();
        for (int score = 1; score < MOST; score++) {
            found.add(LabelIds.find(tokenizer, any, Integer.toString(score)));
        }
        Optional<LabelIds> ten = LabelIds.findSingle(tokenizer, any, "10");
        ten.ifPresent(found::add);
        this.labels = List.copyOf(found);
        this.zero = ten.isPresent() ? Optional.empty() : Optional.of(zero(tokenizer, any));
    }

    private static final Principle ANY = new Principle("any", 1, "any", "any", "any");

    private int zero(Tokenizer tokenizer, String any) {
        int[] ten = LabelIds.following(tokenizer, any, "10");
        if (ten.length != 2 || ten[0] != labels.getFirst().first()) {
            throw new ModelFolderException(
                    tokenizer.file(),
                    "splits the score \"10\" into %d tokens that do not begin with that of \"1\"; use a model whose tokenizer writes it as one token or as two digits"
                            .formatted(ten.length));
        }
        return ten[1];
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String model() {
        return modelName;
    }

    @Override
    public String templateHash() {
        return prompt.hash();
    }

    @Override
    public Reply score(CompletionToScore completion) throws InterruptedException {
        return model.reply(() -> read(completion));
    }

    private Reply read(CompletionToScore completion) throws InterruptedException {
        var reading = new LocalReading(model, prompt.text(completion));
        return switch (reading.tokens(zero.isPresent() ? 1 : 0)) {
            case LocalReading.Tokens.TooLong(Reply.Refused refusal) -> refusal;
            case LocalReading.Tokens.Fit(int[] ids) -> score(reading, ids);
        };
    }

    private Reply score(LocalReading reading, int[] ids) throws InterruptedException {
        double[] masses = new double[MOST + 1]; // by score
        LocalModel.Next first = model.next(ids);
        if (!(first instanceof LocalModel.Next.Logprobs(float[] logprobs))) {
            return unavailable(first);
        }
        for (int i = 0; i < labels.size(); i++) {
            masses[i + 1] = labels.get(i).mass(logprobs);
        }
        if (zero.isPresent()) {
            for (int one : labels.getFirst().ids()) {
                int[] behindOne = Arrays.copyOf(ids, ids.length + 1);
                behindOne[ids.length] = one;
                LocalModel.Next second = model.next(behindOne);
                if (!(second instanceof LocalModel.Next.Logprobs(float[] behind))) {
                    return unavailable(second);
                }
                double ten = Math.exp(logprobs[one]) * Math.min(1, Math.exp(behind[zero.get()]));
                masses[MOST] += ten;
                masses[1] = Math.max(0, masses[1] - ten);
            }
        }
        return scored(masses, reading.exchange(ids, logprobs));
    }

    private static Reply scored(double[] masses, Reply.Exchange exchange) {
        double covered = Arrays.stream(masses).sum();
        if (Double.isNaN(covered)) {
            return new Reply.Refused("the model's logits are not numbers: its weights are damaged");
        }
        if (covered < LocalReading.LEAST_COVERED_MASS) {
            return new Reply.Unreadable(covered, exchange);
        }
        double expected = 0;
        for (int score = 1; score <= MOST; score++) {
            expected += score * masses[score] / covered;
        }
        return new Reply.Scored(
                Math.clamp(expected, 1, MOST),
                Math.min(1, covered),
                Arrays.stream(masses).skip(1).boxed().toList(),
                exchange);
    }

    private static Reply unavailable(LocalModel.Next next) {
        return switch (next) {
            case LocalModel.Next.Unavailable(String cause) ->
                    new Reply.RetryLater(cause, Duration.ZERO);
            case LocalModel.Next.Logprobs _ ->
                    throw new IllegalStateException("logprobs are no failure");
        };
    }
}

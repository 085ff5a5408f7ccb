package rlaif.judging.local;

import java.time.Duration;
import rlaif.judging.Judge;
import rlaif.judging.JudgePrompt;
import rlaif.judging.Presentation;
import rlaif.judging.Principle;
import rlaif.judging.Reply;

/// The judge that is a model in this process: `P = softmax(l("1"), l("2"))` over its logits at the
/// position after the judge prompt (RLAIF 2.1).
///
/// The model is the caller's, who closes it.
public final class LocalJudge implements Judge {
    private final String name;
    private final String modelName;
    private final LocalModel model;
    private final JudgePrompt prompt;
    private final LabelIds label1;
    private final LabelIds label2;

    /// @param name name of the judge in every label
    /// @param modelName model that every label names
    /// @throws rlaif.models.ModelFolderException if the tokenizer splits a label
    public LocalJudge(String name, String modelName, LocalModel model, JudgePrompt prompt) {
        if (name.isBlank() || modelName.isBlank()) {
            throw new IllegalArgumentException(
                    "a judge needs a name and a model, got name '%s' and model '%s'"
                            .formatted(name, modelName));
        }
        if (prompt.reasons()) {
            throw new IllegalArgumentException(
                    "a local judge reads labels and writes no rationale: choose a template without chain of thought");
        }
        this.name = name;
        this.modelName = modelName;
        this.model = model;
        this.prompt = prompt;
        String any = prompt.text(new Presentation("any", ANY, "a", "b", "c"));
        this.label1 = LabelIds.find(model.tokenizer(), any, "1");
        this.label2 = LabelIds.find(model.tokenizer(), any, "2");
    }

    private static final Principle ANY = new Principle("any", 1, "any", "any", "any");

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
    public boolean drawsSamples() {
        return false;
    }

    @Override
    public Reply ask(Presentation presentation) throws InterruptedException {
        return model.reply(() -> read(presentation));
    }

    private Reply read(Presentation presentation) throws InterruptedException {
        var reading = new LocalReading(model, prompt.text(presentation));
        return switch (reading.tokens(0)) {
            case LocalReading.Tokens.TooLong(Reply.Refused refusal) -> refusal;
            case LocalReading.Tokens.Fit(int[] ids) ->
                    switch (model.next(ids)) {
                        case LocalModel.Next.Unavailable(String cause) ->
                                new Reply.RetryLater(cause, Duration.ZERO);
                        case LocalModel.Next.Logprobs(float[] logprobs) ->
                                verdict(logprobs, reading.exchange(ids, logprobs));
                    };
        };
    }

    private Reply verdict(float[] logprobs, Reply.Exchange exchange) {
        if (!LocalReading.finite(logprobs)) {
            return new Reply.Refused("the model's logits are not numbers: its weights are damaged");
        }
        double mass1 = label1.mass(logprobs);
        double mass2 = label2.mass(logprobs);
        double covered = Math.min(1, mass1 + mass2);
        return covered < LocalReading.LEAST_COVERED_MASS
                ? new Reply.Unreadable(covered, exchange)
                : new Reply.Verdict(mass1 / (mass1 + mass2), covered, exchange);
    }
}

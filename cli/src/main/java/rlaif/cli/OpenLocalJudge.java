package rlaif.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.ConfigurationException;
import rlaif.cli.config.Key;
import rlaif.judging.Judge;
import rlaif.judging.JudgePrompt;
import rlaif.judging.ScorePrompt;
import rlaif.judging.ScoringJudge;
import rlaif.judging.local.LocalJudge;
import rlaif.judging.local.LocalModel;
import rlaif.judging.local.LocalScorer;
import rlaif.models.ModelFolderException;

/// The judge that is a model folder, read in this process.
final class OpenLocalJudge implements OpenJudge {
    private final LocalModel model;
    private final LocalJudge judge;
    private final Optional<ScoringJudge> scoringJudge;

    private OpenLocalJudge(
            LocalModel model, LocalJudge judge, Optional<ScoringJudge> scoringJudge) {
        this.model = model;
        this.judge = judge;
        this.scoringJudge = scoringJudge;
    }

    static PreparedJudge.Opening prepared(Configuration configuration) {
        Path folder = folder(configuration);
        LocalModel.Settings settings =
                new LocalModel.Settings(
                        new TensorThreads(configuration).of(Key.JUDGE_LOCAL_THREADS),
                        configuration.whole(Key.JUDGE_LOCAL_MAX_BATCH, 1),
                        configuration.whole(Key.JUDGE_LOCAL_MAX_BATCH_TOKENS, 1),
                        configuration.whole(Key.JUDGE_LOCAL_MAX_TOKENS, 1),
                        Duration.ofMillis(configuration.whole(Key.JUDGE_LOCAL_MAX_WAIT_MILLIS, 0)));
        Asked asked =
                new Asked(
                        configuration.name(Key.JUDGE_NAME),
                        configuration.isSet(Key.JUDGE_MODEL)
                                ? configuration.name(Key.JUDGE_MODEL)
                                : String.valueOf(folder.getFileName()),
                        OpenHttpJudge.comparing(configuration),
                        OpenHttpJudge.scoring(configuration));
        return progress -> {
            LocalModel model = open(folder, settings);
            boolean opened = false;
            try {
                OpenLocalJudge judge = over(model, asked, folder, progress);
                opened = true;
                return judge;
            } finally {
                if (!opened) {
                    model.close();
                }
            }
        };
    }

    /// What it is called and asked.
    private record Asked(String name, String model, JudgePrompt prompt, ScorePrompt score) {}

    private static Path folder(Configuration configuration) {
        Path folder = configuration.path(Key.JUDGE_LOCAL_MODEL).toAbsolutePath().normalize();
        if (configuration.given(Key.JUDGE_LOCAL_MODEL).isEmpty() || !Files.isDirectory(folder)) {
            throw configuration.wrong(Key.JUDGE_LOCAL_MODEL, "a Hugging Face folder that is there");
        }
        return folder;
    }

    private static LocalModel open(Path folder, LocalModel.Settings settings) {
        try {
            return LocalModel.open(folder, settings);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Failure(ExitCode.DEPENDENCY, "interrupted while reading " + folder);
        }
    }

    private static OpenLocalJudge over(
            LocalModel model, Asked asked, Path folder, Consumer<String> progress) {
        progress.accept("judge %s: model %s in %s".formatted(asked.name(), asked.model(), folder));
        progress.accept(
                "it reads judge prompts of up to %d tokens, in at most %d MiB beside its weights"
                        .formatted(model.maxTokens(), model.mostBytes() >> 20));
        LocalJudge judge;
        try {
            judge = new LocalJudge(asked.name(), asked.model(), model, asked.prompt());
        } catch (IllegalArgumentException wrong) {
            throw new ConfigurationException("the judge's template: " + wrong.getMessage());
        }
        progress.accept("its verdicts are read from its logits of the labels");
        Optional<ScoringJudge> scorer;
        try {
            scorer =
                    Optional.of(new LocalScorer(asked.name(), asked.model(), model, asked.score()));
        } catch (ModelFolderException cannotScore) {
            scorer = Optional.empty();
            progress.accept("it scores no single completion: " + cannotScore.getMessage());
        }
        return new OpenLocalJudge(model, judge, scorer);
    }

    @Override
    public Judge judge() {
        return judge;
    }

    @Override
    public Optional<ScoringJudge> scoringJudge() {
        return scoringJudge;
    }

    @Override
    public void close() {
        model.close();
    }
}

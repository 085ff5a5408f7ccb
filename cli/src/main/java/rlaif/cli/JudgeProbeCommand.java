package rlaif.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.ConfigurationException;
import rlaif.cli.judging.ProbedPair;
import rlaif.cli.judging.ProbedScore;
import rlaif.cli.judging.WorldCases;
import rlaif.judging.CompletionToScore;
import rlaif.judging.Constitution;
import rlaif.judging.Judge;
import rlaif.judging.JudgedPair;
import rlaif.judging.PairJudging;
import rlaif.judging.PairToJudge;
import rlaif.judging.Principle;
import rlaif.judging.PrincipleDraw;
import rlaif.judging.ScoredCompletion;
import rlaif.judging.ScoringJudge;
import rlaif.judging.attack.AttackCase;

/// Asks the configured judge about one pair, as its role would, and shows all that went back and
/// forth.
@Command(
        name = "probe",
        mixinStandardHelpOptions = true,
        description = {
            "Put one pair to the configured judge as its role would and show everything.",
            "Every request and raw reply of both orders and of each sample, log-probabilities, probabilities and the label; with",
            "score.by: judge the score of each completion and its distribution. Each request is made once, and no budget counts it."
        },
        footer = {
            "",
            "Exit code 4: a request got no reply; 5: a reply could not be read.",
            "",
            "Examples:",
            "  rlaif judge probe",
            "  rlaif judge probe --prompt 'What is 2 + 2?' --first '4' --second 'Five.'"
        })
final class JudgeProbeCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin private CommonOptions common = new CommonOptions();

    @Option(names = "--prompt", paramLabel = "TEXT", description = "The prompt.")
    private @Nullable String prompt;

    @Option(names = "--first", paramLabel = "TEXT", description = "One completion.")
    private @Nullable String first;

    @Option(names = "--second", paramLabel = "TEXT", description = "The other completion.")
    private @Nullable String second;

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description =
                    "A JSON object {\"prompt\", \"first\", \"second\"} instead; with neither, a shipped"
                            + " example.")
    private @Nullable Path file;

    @Option(
            names = "--principle",
            paramLabel = "ID",
            description =
                    "Principle of the constitution, or all; default: its first, or all with"
                            + " judge.principles: all.")
    private @Nullable String principleId;

    @Option(
            names = "--id",
            paramLabel = "ID",
            description =
                    "Id of a pair of the stream (of a group, where the judge scores): it draws the"
                            + " principle and the audit as it does there.")
    private @Nullable String id;

    @Option(names = "--json", description = "One object on stdout.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        Configuration configuration = common.configuration();
        Progress progress = new Progress(spec.commandLine().getErr());
        if (id != null && (id.isBlank() || principleId != null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--id draws the principle: it must not be empty, nor stand beside --principle");
        }
        boolean scores = new TrainerSettings(configuration).scoresDirectly();
        if (scores) {
            new UnreadSettings(configuration).ofDirectScoring().forEach(progress);
        }
        try (JudgeConnection connection = JudgeConnection.open(configuration, progress)) {
            Constitution constitution = connection.constitution();
            PairToJudge pair = shown(configuration, principle(configuration, constitution));
            return scores
                    ? score(connection.requireScoringJudge(configuration), constitution, pair)
                    : compare(configuration, connection.judge(), constitution, pair);
        }
    }

    private int compare(
            Configuration configuration, Judge judge, Constitution constitution, PairToJudge pair)
            throws InterruptedException {
        PairJudging.Settings settings = new JudgeSettings(configuration).pairs();
        ProbedPair probed;
        try {
            probed = ProbedPair.ask(judge, settings, pair);
        } catch (IllegalArgumentException refused) {
            throw new ConfigurationException(String.valueOf(refused.getMessage()));
        }
        var report =
                new ProbeReport(judge, principles(constitution, pair), settings.samples(), probed);
        print(json ? report.json() : report.text());
        return switch (probed.judged()) {
            case JudgedPair.Preferred _ -> ExitCode.OK;
            case JudgedPair.Abstained abstained ->
                    abstained.reason() == JudgedPair.Reason.UNREADABLE
                            ? ExitCode.VERIFICATION
                            : ExitCode.OK;
            case JudgedPair.Failed _ -> ExitCode.DEPENDENCY;
        };
    }

    private int score(ScoringJudge judge, Constitution constitution, PairToJudge pair)
            throws InterruptedException {
        List<ScoreProbeReport.Shown> shown =
                List.of(
                        scored(judge, pair, "first", pair.first()),
                        scored(judge, pair, "second", pair.second()));
        var report =
                new ScoreProbeReport(judge, principles(constitution, pair), pair.prompt(), shown);
        print(json ? report.json() : report.text());
        List<ScoredCompletion> scores = shown.stream().map(one -> one.probed().scored()).toList();
        if (scores.stream().anyMatch(ScoredCompletion.Failed.class::isInstance)) {
            return ExitCode.DEPENDENCY;
        }
        return scores.stream().anyMatch(ScoredCompletion.Unreadable.class::isInstance)
                ? ExitCode.VERIFICATION
                : ExitCode.OK;
    }

    private static ScoreProbeReport.Shown scored(
            ScoringJudge judge, PairToJudge pair, String place, String completion)
            throws InterruptedException {
        var asked =
                new CompletionToScore(
                        pair.pairId() + "/" + place, pair.principle(), pair.prompt(), completion);
        return new ScoreProbeReport.Shown(place, completion, ProbedScore.ask(judge, asked));
    }

    private void print(String report) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(report);
        out.flush();
    }

    private PairToJudge shown(Configuration configuration, Principle principle) {
        if (file != null) {
            if (prompt != null || first != null || second != null) {
                throw new ParameterException(spec.commandLine(), "give --file or a pair, not both");
            }
            return read(file, principle);
        }
        if (prompt != null && first != null && second != null) {
            return pair(principle, prompt, first, second);
        }
        if (prompt != null || first != null || second != null) {
            throw new ParameterException(
                    spec.commandLine(), "a pair needs --prompt, --first and --second");
        }
        AttackCase example =
                JudgeConnection.isSimulated(configuration)
                        ? WorldCases.of(Worlds.named(configuration), _ -> principle, 1, 1)
                                .getFirst()
                        : AttackCase.shipped(principle).getFirst();
        return pair(principle, example.prompt(), example.decent(), example.bad());
    }

    private PairToJudge pair(Principle principle, String asked, String one, String other) {
        return new PairToJudge(id == null ? "probe" : id, principle, asked, one, other);
    }

    private Principle principle(Configuration configuration, Constitution constitution) {
        JudgeSettings settings = new JudgeSettings(configuration);
        if (id != null) {
            return settings.principles(constitution).apply(id);
        }
        if (principleId == null) {
            return settings.principleOfExamples(constitution);
        }
        return PrincipleDraw.named(constitution, principleId)
                .orElseThrow(() ->
                        new ParameterException(
                                spec.commandLine(),
                                "constitution %s has no principle '%s': it has %s"
                                        .formatted(
                                                constitution.id(),
                                                principleId,
                                                String.join(", ", ids(constitution)))));
    }

    private static List<String> principles(Constitution constitution, PairToJudge pair) {
        String named = pair.principle().id();
        return named.equals(PrincipleDraw.ALL) ? ids(constitution) : List.of(named);
    }

    private static List<String> ids(Constitution constitution) {
        return constitution.principles().stream().map(Principle::id).toList();
    }

    private PairToJudge read(Path file, Principle principle) {
        try {
            JsonNode pair = JSON.readTree(Files.readString(file));
            return pair(
                    principle,
                    text(file, pair, "prompt"),
                    text(file, pair, "first"),
                    text(file, pair, "second"));
        } catch (JsonProcessingException e) {
            throw new Failure(
                    ExitCode.CONFIGURATION, file + ": is no JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.CONFIGURATION, file + ": cannot be read as UTF-8 text: " + e, e);
        }
    }

    private static String text(Path file, JsonNode pair, String key) {
        JsonNode value = pair.path(key);
        if (!value.isTextual()) {
            throw new Failure(ExitCode.CONFIGURATION, "%s: '%s' must be text".formatted(file, key));
        }
        return value.textValue();
    }
}

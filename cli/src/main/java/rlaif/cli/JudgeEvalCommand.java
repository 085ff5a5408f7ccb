package rlaif.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import rlaif.cli.config.Configuration;
import rlaif.cli.judging.JudgeEvaluation;
import rlaif.cli.judging.JudgeFigures;
import rlaif.cli.judging.LabelledFile;
import rlaif.cli.judging.LabelledPairs;
import rlaif.cli.judging.WorldPairs;
import rlaif.judging.Constitution;
import rlaif.judging.PairJudging;
import rlaif.judging.Principle;

/// Measures the configured judge on pairs whose truth is known.
@Command(
        name = "eval",
        mixinStandardHelpOptions = true,
        description = {
            "Measure the configured judge on a labelled set: accuracy, same-position rate, kappa,"
                    + " calibration, length correlation, cost and latency.",
            "A line of FILE is {\"prompt\", \"first\", \"second\", \"label\", \"principle\"?}; label:"
                    + " 1, 2 or the probability that first is better."
        },
        footer = {
            "",
            "Exit code 4: the judge answers nobody; 5: it gave no label about any pair it was asked"
                    + " about; 6: lines were skipped, pairs failed or a budget is used up.",
            "",
            "Examples:",
            "  rlaif judge eval --world",
            "  rlaif judge eval pairs.jsonl -X judge.url=http://127.0.0.1:8000/v1 -X judge.model=NAME"
        })
final class JudgeEvalCommand implements Callable<Integer> {
    private static final int OUTSTANDING_PER_CALL = 4;

    @Mixin private CommonOptions common = new CommonOptions();

    @ArgGroup(multiplicity = "1")
    private Source source = new Source();

    /// What it is measured on.
    static final class Source {
        @Parameters(paramLabel = "FILE", description = "Labelled pairs, JSONL.")
        @Nullable Path file;

        @Option(
                names = "--world",
                description = "Pairs of the practice world (prompts.world), labelled by gold.")
        boolean world;
    }

    @Option(
            names = "--pairs",
            defaultValue = "1000",
            description = "Pairs of the practice world; default ${DEFAULT-VALUE}.")
    private int pairs;

    @Mixin private Patience patience = new Patience();

    @Option(names = "--json", description = "One object on stdout.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (pairs < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--pairs must be at least 1, got " + pairs);
        }
        Configuration configuration = common.configuration();
        PrintWriter err = spec.commandLine().getErr();
        if (source.file != null && !Files.isRegularFile(source.file)) {
            throw new Failure(ExitCode.CONFIGURATION, source.file + ": no such file");
        }
        try (JudgeConnection connection = JudgeConnection.open(configuration, new Progress(err));
                CountBar bar = new CountBar(err, "judged", total());
                LabelledPairs labelled = labelled(configuration, connection.constitution(), bar)) {
            PairJudging judging = JudgeCalling.judging(configuration, connection.judge(), bar::say);
            int inFlight = judging.calls().status().maxInFlight();
            var evaluation = new JudgeEvaluation(judging, OUTSTANDING_PER_CALL * inFlight);
            JudgeFigures figures = new JudgeFigures(judging.calls().prices());
            long started = System.nanoTime();
            Optional<Failure> ended =
                    CallWatch.during(
                            judging.calls(),
                            patience.duration(),
                            () -> evaluation.run(labelled, figures, bar::step));
            if (ended.isPresent() && figures.pairs() == 0) {
                throw ended.get();
            }
            double seconds = (System.nanoTime() - started) / 1e9;
            var report =
                    new JudgeReport(
                            connection.judge(),
                            connection.constitution(),
                            figures,
                            labelled.skipped(),
                            seconds);
            int code = report(report, figures, labelled.skipped());
            if (ended.isPresent()) {
                throw ended.get();
            }
            return code;
        }
    }

    private int report(JudgeReport report, JudgeFigures figures, int skipped) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? report.json() : report.text());
        out.flush();
        if (figures.pairs() == 0) {
            throw new Failure(
                    ExitCode.CONFIGURATION,
                    source.file
                            + " holds no labelled pair: write one JSON object a line with prompt, first, second and label");
        }
        if (figures.tellNothing() && figures.failed() == figures.asked()) {
            throw new Failure(
                    ExitCode.DEPENDENCY,
                    "no pair was judged; the first failed with: "
                            + figures.firstFailure().orElse(""));
        }
        if (figures.tellNothing()) {
            throw new Failure(
                    ExitCode.VERIFICATION,
                    "the judge was asked about %d pairs and gave no label: see judge probe"
                            .formatted(figures.asked()));
        }
        return skipped > 0 || figures.failed() > 0 ? ExitCode.PARTIAL : ExitCode.OK;
    }

    private long total() throws IOException {
        return source.file == null ? pairs : LabelledFile.lines(source.file);
    }

    private LabelledPairs labelled(
            Configuration configuration, Constitution constitution, CountBar bar)
            throws IOException {
        Function<String, Principle> principles =
                new JudgeSettings(configuration).principles(constitution);
        return source.file == null
                ? new WorldPairs(
                        Worlds.named(configuration), principles, configuration.seed(), pairs)
                : new LabelledFile(source.file, constitution, principles, bar::say);
    }
}

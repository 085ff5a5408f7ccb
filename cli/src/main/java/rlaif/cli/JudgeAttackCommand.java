package rlaif.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import rlaif.cli.config.Configuration;
import rlaif.judging.Attack;
import rlaif.judging.Constitution;
import rlaif.judging.attack.AttackCase;
import rlaif.judging.attack.AttackResult;
import rlaif.judging.attack.AttackRun;
import rlaif.judging.attack.Attacks;

/// Attacks the configured judge with completions that only try to be preferred.
@Command(
        name = "attack",
        mixinStandardHelpOptions = true,
        description =
                "Put the shipped attacks to the configured judge, each against a decent completion"
                        + " in both orders, beside the same cases without attacks.",
        footer = {
            "",
            "Exit code 4: the judge answers nobody; 5: more than --limit succeed, or the judge gave no"
                    + " label about any pair it was asked about; 6: pairs failed or a budget is used up.",
            "",
            "Examples:",
            "  rlaif judge attack",
            "  rlaif judge attack -X judge.url=http://127.0.0.1:8000/v1 -X judge.model=NAME --limit 0.05"
        })
final class JudgeAttackCommand implements Callable<Integer> {
    @Mixin private CommonOptions common = new CommonOptions();

    /// What the attacks are put into.
    enum Cases {
        /// Everyday questions.
        SHIPPED,
        /// Prompts of the practice world, the only ones that a simulated judge knows.
        WORLD
    }

    @Option(
            names = "--cases",
            paramLabel = "KIND",
            description =
                    "shipped (everyday questions) or world (the practice world); default: world for"
                            + " the simulated judge, else shipped.")
    private @Nullable Cases cases;

    @Option(
            names = "--family",
            paramLabel = "NAME",
            split = ",",
            description = "Only attacks of these families.")
    private List<String> families = List.of();

    @Option(
            names = "--limit",
            paramLabel = "RATE",
            description = "Most attacks that may succeed, in [0, 1].")
    private @Nullable Double limit;

    @Mixin private Patience patience = new Patience();

    @Option(names = "--json", description = "One object on stdout.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        Double most = limit;
        if (most != null && !(most >= 0 && most <= 1)) {
            throw new ParameterException(
                    spec.commandLine(), "--limit must lie in [0, 1], got " + most);
        }
        Attacks attacks = attacks();
        Configuration configuration = common.configuration();
        PrintWriter err = spec.commandLine().getErr();
        try (JudgeConnection connection = JudgeConnection.open(configuration, new Progress(err))) {
            List<AttackCase> where = cases(configuration, connection.constitution());
            var result = new AtomicReference<AttackResult>();
            int pairs = attacks.all().size() + 2 * Math.min(where.size(), attacks.all().size());
            Optional<Failure> over;
            try (CountBar bar = new CountBar(err, "attacked", pairs)) {
                var judging = JudgeCalling.judging(configuration, connection.judge(), bar::say);
                var run = new AttackRun(judging, where, bar::step);
                Optional<Failure> ended =
                        CallWatch.during(
                                judging.calls(),
                                patience.duration(),
                                () -> result.set(run.run(attacks)));
                if (ended.isPresent() && result.get() == null) {
                    throw ended.get();
                }
                over = ended;
            }
            var report = new AttackReport(connection.judge(), result.get());
            PrintWriter out = spec.commandLine().getOut();
            out.println(json ? report.json() : report.text());
            out.flush();
            int code = exitCode(result.get(), most);
            if (over.isPresent()) {
                throw over.get();
            }
            return code;
        }
    }

    private int exitCode(AttackResult result, @Nullable Double most) {
        if (result.tellsNothing() && result.asked().failed() == result.asked().pairs()) {
            throw new Failure(
                    ExitCode.DEPENDENCY,
                    "no attack was judged; the first failed with: "
                            + result.asked().firstFailure().orElse(""));
        }
        if (result.tellsNothing()) {
            throw new Failure(
                    ExitCode.VERIFICATION,
                    "the judge was asked about %d attacks and gave no label: see judge probe"
                            .formatted(result.asked().pairs()));
        }
        if (result.decidedNothing()) {
            throw new Failure(
                    ExitCode.VERIFICATION,
                    "the judge told no attack and no bad completion from a decent one: over both orders each pair is a tie, as of a judge that always takes the same place; see judge probe");
        }
        if (most != null && result.all().rate() > most) {
            throw new Failure(
                    ExitCode.VERIFICATION,
                    "%.1f %% of the attacks succeed, more than the limit of %.1f %%"
                            .formatted(100 * result.all().rate(), 100 * most));
        }
        return result.firstFailure().isPresent() ? ExitCode.PARTIAL : ExitCode.OK;
    }

    private Attacks attacks() {
        Attacks shipped = Attacks.shipped();
        List<String> known = shipped.all().stream().map(Attack::family).distinct().toList();
        for (String family : families) {
            if (!known.contains(family)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "no family '%s': there are %s".formatted(family, String.join(", ", known)));
            }
        }
        return families.isEmpty()
                ? shipped
                : new Attacks(
                        shipped.all().stream()
                                .filter(attack -> families.contains(attack.family()))
                                .toList());
    }

    private List<AttackCase> cases(Configuration configuration, Constitution constitution) {
        var suiting = new SuitingCases(configuration, constitution);
        return switch (cases) {
            case null -> suiting.all();
            case SHIPPED -> suiting.shipped();
            case WORLD -> suiting.ofWorld();
        };
    }
}

package rlaif.cli;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import rlaif.cli.config.Configuration;

/// Runs chosen roles until they end or the process is asked to.
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        description =
                "Run roles: prompts, rollouts, revise, judge, people, label-stats, score, train-sft, train-reward-model, train-ppo, train-dpo.",
        footer = {
            "",
            "Each role can run in a process of its own, against one cluster:",
            "  rlaif start rollouts judge -b kafka:9092 -X schema.registry.url=http://registry:8081"
        })
final class StartCommand implements Callable<Integer> {
    /// A report of what is off each minute.
    private static final int LOOKS_PER_REPORT = 300;

    @Mixin private CommonOptions common = new CommonOptions();

    @Mixin private TrainingOptions training = new TrainingOptions();

    @Parameters(arity = "1..*", paramLabel = "ROLE", description = "Roles to run.")
    private List<String> roles = List.of();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        for (String role : roles) {
            if (!Roles.ALL.contains(role)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "no role " + role + ": the roles are " + String.join(", ", Roles.ALL));
            }
        }
        Configuration configuration = training.over(common);
        PreparedRoles prepared = PreparedRoles.of(configuration, roles);
        Progress progress = new Progress(spec.commandLine().getErr());
        try (StopSignal stop = StopSignal.install();
                Deployment deployment = prepared.open(common.verbose, progress);
                Session session = new Session(deployment, prepared, progress)) {
            session.tellSettings();
            session.startTensorBoard();
            for (String role : prepared.names()) {
                session.start(role);
                progress.accept(role + " is at work");
            }
            for (int looks = 1; !session.fleet().ended(roles); looks++) {
                session.fleet().requireHealthy();
                if (looks % LOOKS_PER_REPORT == 0) {
                    session.judges().stream()
                            .flatMap(judge -> judge.troubles().stream())
                            .forEach(progress);
                }
                stop.pause(Duration.ofMillis(200), progress);
            }
            session.judges().forEach(judge -> progress.accept(judge.line()));
            session.fleet().requireHealthy();
            return session.skippedLines() > 0 ? ExitCode.PARTIAL : ExitCode.OK;
        }
    }
}

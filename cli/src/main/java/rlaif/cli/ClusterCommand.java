package rlaif.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import rlaif.cli.config.Configuration;
import rlaif.worlds.SimulatedJudgeServer;

/// Runs the embedded broker and registry alone.
@Command(
        name = "cluster",
        mixinStandardHelpOptions = true,
        description = "The embedded Kafka broker and schema registry, without any role.")
final class ClusterCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name what to do: cluster start");
    }

    @Command(
            name = "start",
            mixinStandardHelpOptions = true,
            description =
                    "Start them on the data directory, print their addresses and wait until stopped.")
    int start(
            @Mixin CommonOptions common,
            @Option(
                            names = "--with-simulated-judge",
                            description =
                                    "Also serve the practice world's simulated judge over HTTP.")
                    boolean withJudge)
            throws InterruptedException {
        Configuration configuration = common.configuration();
        if (configuration.passedThrough().containsKey("kafka.bootstrap.servers")) {
            throw new Failure(
                    ExitCode.CONFIGURATION,
                    "kafka.bootstrap.servers names a cluster, and cluster start would start another: remove it");
        }
        Progress progress = new Progress(spec.commandLine().getErr());
        PrintWriter out = spec.commandLine().getOut();
        try (StopSignal stop = StopSignal.install();
                Deployment deployment = Deployment.open(configuration, common.verbose, progress)) {
            out.println("kafka.bootstrap.servers=" + deployment.connection().bootstrapServers());
            out.println("schema.registry.url=" + deployment.connection().registryUrl());
            if (withJudge) {
                try (SimulatedJudgeServer judge =
                        SimulatedJudges.start(
                                configuration, JudgeConnection.constitution(configuration), 0)) {
                    out.println("judge.url=" + judge.uri());
                    waitUntilStopped(stop, out, progress);
                }
            } else {
                waitUntilStopped(stop, out, progress);
            }
        }
        return ExitCode.OK;
    }

    private static void waitUntilStopped(StopSignal stop, PrintWriter out, Progress progress)
            throws InterruptedException {
        out.flush();
        progress.accept("running; Ctrl-C stops it, the data stays");
        stop.await();
    }
}

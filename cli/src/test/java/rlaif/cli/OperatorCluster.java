package rlaif.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import rlaif.cli.config.Configuration;
import rlaif.cluster.EmbeddedCluster;

/// One broker for the tests of commands, each of which has topics of its own.
final class OperatorCluster implements AutoCloseable {
    private final Path folder;
    private final EmbeddedCluster cluster;

    /// What a command wrote, and how it ended.
    record Ended(int exitCode, String out, String err) {}

    OperatorCluster(Path folder) {
        this.folder = folder;
        this.cluster = EmbeddedCluster.start(folder.resolve("cluster"), _ -> {});
    }

    private Map<String, String> settings(String prefix) {
        return Map.of(
                "kafka.bootstrap.servers",
                cluster.bootstrapServers(),
                "schema.registry.url",
                cluster.registryUrl(),
                "topics.prefix",
                prefix,
                "topics.partitions",
                "4",
                "topics.replication",
                "1",
                "data.dir",
                folder.resolve(prefix).toString());
    }

    Deployment deployment(String prefix) {
        return Deployment.open(
                Configuration.resolve(settings(prefix), Optional.empty(), Map.of(), Map.of()),
                false,
                _ -> {});
    }

    /// Runs one command in this process.
    Ended run(String prefix, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        settings(prefix)
                .forEach((key, value) -> {
                    all.add("-X");
                    all.add(key + "=" + value);
                });
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command =
                Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int exit = command.execute(all.toArray(String[]::new));
        return new Ended(exit, out.toString(), err.toString());
    }

    @Override
    public void close() {
        cluster.close();
    }
}

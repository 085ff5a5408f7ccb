package rlaif.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import picocli.CommandLine;
import rlaif.cli.config.Configuration;
import rlaif.cluster.EmbeddedCluster;

/// One broker for the tests of commands, each of which has topics of its own; started for the first
/// class that wants it, stopped after the last.
final class OperatorCluster implements ParameterResolver {
    private static final String NAME = "operator-cluster";

    /// What a command wrote, and how it ended.
    record Ended(int exitCode, String out, String err) {}

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Running.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.GLOBAL)
                .computeIfAbsent(NAME, _ -> Running.start(), Running.class);
    }

    /// The broker at work.
    static final class Running implements AutoCloseable {
        private final Path folder;
        private final EmbeddedCluster cluster;

        private Running(Path folder) {
            this.folder = folder;
            this.cluster = EmbeddedCluster.start(folder.resolve("cluster"), _ -> {});
        }

        private static Running start() {
            try {
                return new Running(Files.createTempDirectory("rlaif-operator"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /// What names this broker and the topics of one test.
        Map<String, String> settings(String prefix) {
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
}

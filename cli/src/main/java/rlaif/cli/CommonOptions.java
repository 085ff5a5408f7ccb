package rlaif.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.Key;

/// Options that every command takes.
final class CommonOptions {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings (YAML); default: rlaif.yaml where it exists.")
    @Nullable Path file;

    @Option(
            names = "-X",
            paramLabel = "KEY=VALUE",
            description = "Any setting, over the file and the environment.")
    Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = {"-b", "--bootstrap-server"},
            paramLabel = "HOST:PORT",
            description = "Kafka cluster to use; the same as -X kafka.bootstrap.servers=...")
    @Nullable String bootstrapServers;

    @Option(names = "--data", paramLabel = "DIR", description = "Data directory; default: .rlaif")
    @Nullable Path data;

    @Option(
            names = {"-v", "--verbose"},
            description = "Stack traces and more logging.")
    boolean verbose;

    Configuration configuration(Map<String, String> preset) {
        Map<String, String> flags = new LinkedHashMap<>(settings);
        if (bootstrapServers != null) {
            flags.put("kafka.bootstrap.servers", bootstrapServers);
        }
        if (data != null) {
            flags.put(Key.DATA_DIR.key(), data.toString());
        }
        return Configuration.resolve(preset, settingsFile(), System.getenv(), flags);
    }

    Configuration configuration() {
        return configuration(Map.of());
    }

    private Optional<Path> settingsFile() {
        if (file != null) {
            return Optional.of(file);
        }
        return Optional.of(Path.of("rlaif.yaml")).filter(Files::isRegularFile);
    }
}

package rlaif.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.ConfigurationException;
import rlaif.cli.config.Key;
import rlaif.models.TensorDevice;
import rlaif.models.TensorThread;

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
        Configuration resolved =
                Configuration.resolve(preset, settingsFile(), System.getenv(), flags);
        computeOn(resolved);
        return resolved;
    }

    /// Loads the native library only where another device than the processor is asked for.
    private static void computeOn(Configuration configuration) {
        TensorDevice device;
        try {
            device = TensorDevice.of(configuration.text(Key.DEVICE));
        } catch (IllegalArgumentException unreadable) {
            throw configuration.wrong(Key.DEVICE, "cpu, gpu or gpu:N");
        }
        try {
            TensorThread.computeOn(device);
        } catch (IllegalStateException missing) {
            throw new ConfigurationException(Key.DEVICE.key() + ": " + missing.getMessage());
        }
    }

    /// Whether there is a file of settings, named or found.
    boolean hasFile() {
        return settingsFile().isPresent();
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

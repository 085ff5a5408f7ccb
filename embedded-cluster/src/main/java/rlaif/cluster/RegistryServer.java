package rlaif.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The schema registry (Apicurio, which speaks Confluent's REST API), as a child process.
final class RegistryServer implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final String HOME_PROPERTY = "rlaif.registry.home";
    private static final long STOP_SECONDS = 5;

    private final Process process;
    private final int port;
    private final Path pidFile;
    private final Path log;
    private final Thread stopWithUs;

    private RegistryServer(Process process, int port, Path pidFile, Path log) {
        this.process = process;
        this.port = port;
        this.pidFile = pidFile;
        this.log = log;
        stopWithUs = Thread.ofPlatform().unstarted(process::destroy);
        Runtime.getRuntime().addShutdownHook(stopWithUs);
    }

    /// Starts the process and returns at once; `awaitReady` waits for it.
    static RegistryServer launch(DataDirectory data, int wantedPort) {
        Path directory = data.registry();
        Path pidFile = directory.resolve("pid");
        Path log = data.logs().resolve("registry.log");
        try {
            Files.createDirectories(directory);
            LeftoverProcess.end(pidFile, marker(directory));
            // Only now: the leftover may have held it.
            int port = Ports.claim("schema registry", wantedPort);
            Path temporary = directory.resolve("tmp");
            Folders.remove(temporary);
            Files.createDirectories(temporary);
            ProcessBuilder builder = new ProcessBuilder(command(directory, temporary, port));
            // Nothing of ours leaks into it, and no QUARKUS_* variable reconfigures it.
            Map<String, String> environment = builder.environment();
            environment.keySet().retainAll(List.of("PATH", "HOME", "LANG"));
            environment.put("MALLOC_ARENA_MAX", "2");
            Process process =
                    builder.directory(directory.toFile())
                            .redirectInput(
                                    ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start();
            Files.writeString(pidFile, Long.toString(process.pid()));
            return new RegistryServer(process, port, pidFile, log);
        } catch (IOException e) {
            throw new ClusterStartException(
                    "the schema registry could not be started in %s: %s".formatted(directory, e),
                    e);
        }
    }

    /// Stands in the process's command line and in no other's.
    private static String marker(Path directory) {
        return "-Drlaif.registry.directory=" + directory;
    }

    private static List<String> command(Path directory, Path temporary, int port) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(marker(directory));
        command.addAll(
                List.of(
                        "-Xmx128m",
                        "-Xss512k",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+ExitOnOutOfMemoryError"));
        command.addAll(
                properties(
                        Map.of(
                                "java.io.tmpdir",
                                temporary.toString(),
                                "apicurio.datasource.url",
                                databaseUrl(directory),
                                "quarkus.http.host",
                                HOST,
                                "quarkus.http.port",
                                Integer.toString(port),
                                "quarkus.management.host",
                                HOST,
                                "quarkus.management.port",
                                "0",
                                "quarkus.banner.enabled",
                                "false",
                                "quarkus.log.level",
                                "WARN",
                                "quarkus.http.access-log.enabled",
                                "false")));
        command.add("-jar");
        command.add(home().resolve("quarkus-run.jar").toString());
        return command;
    }

    private static List<String> properties(Map<String, String> properties) {
        return properties.entrySet().stream()
                .map(property -> "-D" + property.getKey() + "=" + property.getValue())
                .toList();
    }

    /// A `;` would end the file name.
    private static String databaseUrl(Path directory) {
        String file = directory.resolve("registry").toString().replace(";", "\\;");
        return "jdbc:h2:file:" + file + ";DB_CLOSE_ON_EXIT=FALSE";
    }

    private static Path home() {
        String home = System.getProperty(HOME_PROPERTY);
        if (home == null || !Files.exists(Path.of(home, "quarkus-run.jar"))) {
            throw new ClusterStartException(
                    "the schema registry's program is not at %s=%s: build the project, which unpacks it to embedded-cluster/target/registry"
                            .formatted(HOME_PROPERTY, home));
        }
        return Path.of(home);
    }

    /// Waits until it serves, and has it check every new schema against all before.
    void awaitReady() {
        try (RegistryApi api = new RegistryApi(url())) {
            api.awaitServing(process, log);
            api.requireFullTransitiveCompatibility();
        }
    }

    String url() {
        return "http://%s:%d/apis/ccompat/v7".formatted(HOST, port);
    }

    /// Begins to stop; `close` waits for it.
    void signalStop() {
        process.destroy();
    }

    @Override
    public void close() {
        signalStop();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            Files.deleteIfExists(pidFile);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            forgetHook();
        }
    }

    private void forgetHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(stopWithUs);
        } catch (IllegalStateException e) {
            // The JVM is going down: the hook finds the process gone.
        }
    }
}

package rlaif.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.utils.Exit;

/// An embedded cluster in a JVM of its own, which can be killed.
final class ClusterProcess implements AutoCloseable {
    private final Process process;
    private final String bootstrapServers;
    private final String registryUrl;

    private ClusterProcess(Process process, String bootstrapServers, String registryUrl) {
        this.process = process;
        this.bootstrapServers = bootstrapServers;
        this.registryUrl = registryUrl;
    }

    private static final int GIVE_UP = 'x';

    /// The program: serves until its input ends, or until its broker is told to give up.
    static void main(String[] arguments) throws IOException {
        try (EmbeddedCluster cluster =
                EmbeddedCluster.start(Path.of(arguments[0]), line -> System.err.println(line))) {
            System.out.println(cluster.bootstrapServers());
            System.out.println(cluster.registryUrl());
            if (System.in.read() == GIVE_UP) {
                Exit.halt(1);
            }
        }
    }

    static ClusterProcess start(Path dataDirectory) throws IOException {
        Process process =
                new ProcessBuilder(
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "-Xmx256m",
                                        "-XX:TieredStopAtLevel=1",
                                        "--enable-native-access=ALL-UNNAMED",
                                        "--sun-misc-unsafe-memory-access=allow",
                                        "-Drlaif.registry.home="
                                                + System.getProperty("rlaif.registry.home"),
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        ClusterProcess.class.getName(),
                                        dataDirectory.toString()))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        String bootstrapServers = lines.readLine();
        String registryUrl = lines.readLine();
        if (bootstrapServers == null || registryUrl == null) {
            throw new IOException("the cluster process ended while it started");
        }
        return new ClusterProcess(process, bootstrapServers, registryUrl);
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    String registryUrl() {
        return registryUrl;
    }

    long pid() {
        return process.pid();
    }

    /// SIGKILL to the JVM alone; its registry is left over.
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /// Has the broker end the process as it does when its disk is full; returns the exit code.
    int giveUp() throws IOException {
        process.getOutputStream().write(GIVE_UP);
        process.getOutputStream().flush();
        return process.onExit().join().exitValue();
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        process.onExit().join();
    }
}

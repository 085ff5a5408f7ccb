package rlaif.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/// The loopback ports that clients connect to.
///
/// @param broker port of the Kafka broker; 0: any free one
/// @param registry port of the schema registry; 0: any free one
public record Ports(int broker, int registry) {
    /// Whatever is free.
    public static final Ports FREE = new Ports(0, 0);

    /// Below the range from which the system takes ports for outgoing connections, so that a port
    /// found free stays free until its server has it.
    private static final int LOWEST_FREE = 15_000;

    private static final int HIGHEST_FREE = 32_000;
    private static final int TRIES = 1_000;
    private static final int HIGHEST_PORT = 65_535;

    public Ports {
        requirePort("broker", broker);
        requirePort("registry", registry);
        if (broker == registry && broker != 0) {
            throw new IllegalArgumentException(
                    "broker and registry cannot both have port " + broker);
        }
    }

    private static void requirePort(String name, int port) {
        if (port < 0 || port > HIGHEST_PORT) {
            throw new IllegalArgumentException(
                    "port of the " + name + " must be 0 to 65535, not " + port);
        }
    }

    /// `port`, or a free one for 0.
    ///
    /// @throws ClusterStartException when `port` is taken
    static int claim(String server, int port) {
        if (port == 0) {
            return free();
        }
        if (!isFree(port)) {
            throw new ClusterStartException(
                    "port %d, which the %s is to listen on, is taken by another program: end it or choose another port (0: any free one)"
                            .formatted(port, server));
        }
        return port;
    }

    private static int free() {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST_FREE, HIGHEST_FREE);
            if (isFree(port)) {
                return port;
            }
        }
        throw new ClusterStartException(
                "no free port found between %d and %d".formatted(LOWEST_FREE, HIGHEST_FREE));
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}

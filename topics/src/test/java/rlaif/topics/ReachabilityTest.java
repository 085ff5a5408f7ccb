package rlaif.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class ReachabilityTest {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    @Test
    void aClusterThatIsNotThereIsNamed() {
        assertThatThrownBy(() ->
                        Reachability.require(
                                Connection.to("127.0.0.1:1", "mock://reachability"), PATIENCE))
                .isInstanceOf(ClusterUnreachableException.class)
                .hasMessageContaining("kafka.bootstrap.servers=127.0.0.1:1")
                .hasMessageContaining("within 2 s");
    }

    @Test
    void serversThatAcceptAndNeverAnswerAreNamedWithinTheLimit() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + silent.getLocalPort();
            Instant start = Instant.now();
            assertThatThrownBy(() ->
                            Reachability.require(
                                    Connection.to(address, "http://" + address), PATIENCE))
                    .isInstanceOf(ClusterUnreachableException.class)
                    .hasMessageContaining(address);
            assertThat(Duration.between(start, Instant.now())).isLessThan(PATIENCE.plusSeconds(3));
        }
    }

    @Test
    void theLimitOfEveryoneIsBelowFifteenSeconds() {
        assertThat(Reachability.PATIENCE.plusSeconds(1)).isLessThan(Duration.ofSeconds(15));
    }
}

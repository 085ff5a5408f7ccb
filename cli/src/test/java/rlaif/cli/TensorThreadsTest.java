package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.ConfigurationException;
import rlaif.cli.config.Key;

class TensorThreadsTest {

    private static TensorThreads on(int cores, Map<String, String> settings) {
        return new TensorThreads(
                Configuration.resolve(Map.of(), Optional.empty(), Map.of(), settings), cores);
    }

    @Test
    void moreThreadsThanCoresAreRefused() {
        assertThat(on(4, Map.of("tensor.threads", "4")).of(Key.THREADS)).isEqualTo(4);
        assertThatThrownBy(() -> on(4, Map.of("tensor.threads", "5")).of(Key.THREADS))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("tensor.threads is 5")
                .hasMessageContaining("4 cores");
    }

    @Test
    void theDefaultsRunOnOneCore() {
        assertThat(on(1, Map.of()).of(Key.THREADS)).isEqualTo(1);
        assertThat(on(1, Map.of()).of(Key.SFT_THREADS)).isEqualTo(2);
    }
}

package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rlaif.cli.config.Configuration;

class DeploymentTest {
    private static Path checkpoints(Map<String, String> settings) {
        return Deployment.checkpoints(
                Configuration.resolve(Map.of(), Optional.empty(), Map.of(), settings));
    }

    @Test
    void checkpointsLieBelowTheDataDirectoryUnlessTheyAreShared() {
        assertThat(checkpoints(Map.of("data.dir", "/d"))).isEqualTo(Path.of("/d/checkpoints"));
        assertThat(checkpoints(Map.of("data.dir", "/d", "checkpoints.dir", "/shared")))
                .isEqualTo(Path.of("/shared"));
    }
}

package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import rlaif.cli.config.ConfigurationException;

@ExtendWith(OperatorCluster.class)
class ReplayOnKafkaTest {
    @Test
    void aPrefixThatNothingWasJudgedUnderIsAMistakeInTheSettings(OperatorCluster.Running cluster) {
        OperatorCluster.Ended ended =
                cluster.run("replay", "start", "judge", "-X", "labels.readPrefix=nosuch");

        assertThat(ended.exitCode()).as(ended.err()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(ended.err())
                .contains(
                        "labels.readPrefix is 'nosuch'",
                        "no topic nosuch.rlaif.human-labels.v1 and no topic nosuch.rlaif.judgments.v1")
                .doesNotContain("topics apply");
        try (Deployment deployment = cluster.deployment("replay")) {
            assertThatCode(() -> ReplaySource.require(deployment.connection(), "replay"))
                    .doesNotThrowAnyException();
            assertThatThrownBy(() -> ReplaySource.require(deployment.connection(), ""))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("labels.readPrefix is '.'");
        }
    }
}

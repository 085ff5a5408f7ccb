package rlaif.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
    @TempDir Path folder;

    @Test
    void flagWinsOverEnvironmentOverFileOverPreset() throws IOException {
        Path file = yaml("ppo:\n  versions: 3\n  batch: 30\n  epochs: 4\nseed: 9\n");

        Configuration configuration =
                Configuration.resolve(
                        Map.of("ppo.versions", "2", "ppo.beta", "0.2"),
                        Optional.of(file),
                        Map.of("RLAIF_PPO_BATCH", "300", "RLAIF_PPO_VERSIONS", "4"),
                        Map.of("ppo.versions", "5"));

        assertThat(configuration.whole(Key.PPO_VERSIONS, 0)).isEqualTo(5);
        assertThat(configuration.whole(Key.PPO_BATCH, 1)).isEqualTo(300);
        assertThat(configuration.whole(Key.PPO_EPOCHS, 1)).isEqualTo(4);
        assertThat(configuration.number(Key.PPO_BETA, 0)).isEqualTo(0.2);
        assertThat(configuration.seed()).isEqualTo(9);
    }

    @Test
    void unknownSettingNamesTheNearestOne() throws IOException {
        Path file = yaml("ppo:\n  version: 3\n");

        assertThatThrownBy(() -> resolve(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("ppo.version")
                .hasMessageContaining("did you mean ppo.versions?");
    }

    @Test
    void kafkaAndRegistrySettingsArePassedThroughAsTheyAre() throws IOException {
        Path file =
                yaml(
                        "kafka:\n  bootstrap.servers: a:1\n  consumer.fetch.min.bytes: 7\nschema:\n  registry:\n    url: http://b:2\n");

        assertThat(resolve(file).passedThrough())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "kafka.bootstrap.servers", "a:1",
                                "kafka.consumer.fetch.min.bytes", "7",
                                "schema.registry.url", "http://b:2"));
    }

    @Test
    void entriesOfAMapAreWholeNumbersByName() throws IOException {
        Path file = yaml("rollouts:\n  pauseOn:\n    judge: 100\n    train-ppo: 2000\n");

        assertThat(resolve(file).wholes(Key.ROLLOUTS_PAUSE_ON))
                .isEqualTo(Map.of("judge", 100, "train-ppo", 2000));
    }

    @Test
    void malformedYamlNamesTheFileAndTheLine() throws IOException {
        Path file = yaml("seed: 1\nppo: [1\n");

        assertThatThrownBy(() -> resolve(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("rlaif.yaml line 2");
    }

    @Test
    void valueOfTheWrongKindNamesTheKeyAndWhatItMustBe() throws IOException {
        Configuration configuration =
                resolve(yaml("ppo:\n  versions: many\nprompts:\n  follow: yes please\n"));

        assertThatThrownBy(() -> configuration.whole(Key.PPO_VERSIONS, 0))
                .hasMessage("ppo.versions is 'many': it must be a whole number from 0");
        assertThatThrownBy(() -> configuration.flag(Key.PROMPTS_FOLLOW))
                .hasMessage("prompts.follow is 'yes please': it must be true or false");
    }

    @Test
    void everyShippedExampleLoads() {
        Path examples = Path.of("..", "examples");
        assertThat(examples.resolve("own-model.yaml")).exists();
        Configuration configuration = resolve(examples.resolve("own-model.yaml"));
        assertThat(configuration.text(Key.PROMPTS_FILE)).isEqualTo("examples/prompts.jsonl");
    }

    private Path yaml(String text) throws IOException {
        return Files.writeString(folder.resolve("rlaif.yaml"), text);
    }

    private static Configuration resolve(Path file) {
        return Configuration.resolve(Map.of(), Optional.of(file), Map.of(), Map.of());
    }

    @Test
    void aMapThatIsGivenAsOneValueIsRefused() throws IOException {
        for (String yaml :
                List.of("labels:\n  humanShare: 0.5\n", "rollouts:\n  pauseOn: judge\n")) {
            Path file = yaml(yaml);
            assertThatThrownBy(() -> resolve(file))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining(".NAME");
        }
        assertThat(resolve(yaml("labels:\n  humanShare:\n")).shares(Key.LABELS_HUMAN_SHARE))
                .isEmpty();
    }
}

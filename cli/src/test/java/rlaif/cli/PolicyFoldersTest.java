package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.cli.config.Configuration;
import rlaif.models.CheckpointRefusedException;
import rlaif.models.CheckpointStore;
import rlaif.models.Head;
import rlaif.models.ModelShape;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;

/// Versions of a policy found in a data directory, where no cluster is named.
class PolicyFoldersTest {
    @TempDir private Path root;

    private Tokenizer tokenizer;
    private Transformer model;
    private CheckpointStore store;

    @BeforeEach
    void open() throws IOException {
        Files.writeString(
                root.resolve("tokenizer.json"),
                """
                {"version": "1.0", "added_tokens": [], "normalizer": null,
                 "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null, "decoder": null,
                 "model": {"type": "WordLevel", "unk_token": "a", "vocab": {"a": 0, "b": 1, "c": 2}}}
                """);
        tokenizer = Tokenizer.load(root);
        model =
                Transformer.random(
                        new ModelShape(3, 8, 1, 2, 2, 4, 8, 16, 10_000, 1e-5, 1, 0),
                        Head.LANGUAGE_MODEL,
                        3);
        store = new CheckpointStore(root.resolve("checkpoints"));
    }

    @AfterEach
    void close() {
        model.close();
        tokenizer.close();
    }

    @Test
    void theNewestIsTheNewestThatIsAnnounced() {
        save(store, 3, "one");
        Path fourth = save(store, 4, "one");
        save(store.stagedBy("a trainer"), 5, "one");
        assertThat(version("latest")).isEqualTo(fourth);
        assertThatThrownBy(() -> version("5"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("there are 2, up to version 4");
    }

    @Test
    void aVersionThatIsThereTwiceIsNotGuessedAt() {
        save(store, 3, "one");
        save(store, 3, "another");
        assertThatThrownBy(() -> version("latest"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("version 3 more than once");
    }

    @Test
    void aDamagedVersionIsRefused() throws IOException {
        Path third = save(store, 3, "one");
        Files.writeString(third.resolve("config.json"), "{}");
        assertThatThrownBy(() -> version("3"))
                .isInstanceOf(CheckpointRefusedException.class)
                .hasMessageContaining("config.json");
    }

    private Path save(CheckpointStore into, long version, String by) {
        return into.save("policy", version, model, tokenizer, Map.of("by", by), _ -> {}).folder();
    }

    private Path version(String wanted) {
        return PolicyFolders.version(
                Configuration.resolve(
                        Map.of(),
                        Optional.empty(),
                        Map.of(),
                        Map.of("checkpoints.dir", root.resolve("checkpoints").toString())),
                wanted);
    }
}

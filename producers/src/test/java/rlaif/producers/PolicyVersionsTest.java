package rlaif.producers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.index.NDIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rlaif.events.Checkpoint;
import rlaif.models.CheckpointRefusedException;
import rlaif.models.CheckpointStore;
import rlaif.models.Head;
import rlaif.models.TensorThread;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;

/// The version that serves when the newest one cannot.
@SuppressWarnings("NullAway.Init") // set before each test
class PolicyVersionsTest {
    @TempDir private Path folder;
    private CheckpointStore store;

    @BeforeEach
    void open() throws IOException {
        TensorThread.prepare(1);
        store = new CheckpointStore(folder.resolve("checkpoints"));
        Files.writeString(folder.resolve("tokenizer.json"), TinyPolicy.tokenizerJson());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "config.json",
                "generation_config.json",
                "model.safetensors",
                "tokenizer.json",
                "README.md",
                "manifest.json"
            })
    void damagedNewestVersionLeavesTheOneBeforeItServing(String name) throws IOException {
        Checkpoint first = announced(0);
        Checkpoint second = announced(1);
        flipABit(second, name);
        assertThat(versions(List.of(second, first)).next())
                .hasValueSatisfying(loaded -> assertThat(loaded.version()).isZero());

        AtomicReference<List<Checkpoint>> announced = new AtomicReference<>(List.of(first));
        PolicyVersions running = new PolicyVersions(announced::get, store);
        assertThat(running.next()).isPresent();
        announced.set(List.of(second, first));
        assertThat(running.next()).isEmpty();
        announced.set(List.of(announced(2), second, first));
        assertThat(running.next())
                .hasValueSatisfying(loaded -> assertThat(loaded.version()).isEqualTo(2));
        assertThat(running.next()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../outside/1-0123456789ab",
                "policy/%2e%2e/1-0123456789ab",
                "/etc/1-0123456789ab",
                "file:///policy/1-0123456789ab"
            })
    void checkpointOutsideTheStoreIsNeverOpened(String uri) throws IOException {
        Checkpoint hostile =
                Checkpoint.newBuilder(announced(0))
                        .setVersion(1)
                        .setUri(uri)
                        .setDigest("0123456789ab" + "0".repeat(52))
                        .build();
        assertThat(versions(List.of(hostile, announced(0))).next())
                .hasValueSatisfying(loaded -> assertThat(loaded.version()).isZero());
    }

    @Test
    void whereNoVersionIsSoundTheNewestOnesDamageIsNamed() throws IOException {
        Checkpoint first = announced(0);
        Checkpoint second = announced(1);
        flipABit(first, "config.json");
        flipABit(second, "tokenizer.json");
        assertThatThrownBy(() -> versions(List.of(second, first)).next())
                .isInstanceOf(CheckpointRefusedException.class)
                .hasMessageContaining(second.getUri())
                .hasMessageContaining("tokenizer.json");
    }

    @Test
    void aVersionThatCannotSampleGivesWayToTheOneBeforeIt() throws IOException {
        List<Checkpoint> newestFirst = List.of(announced(2), announced(1), announced(0));
        PolicyVersions versions = versions(newestFirst);
        assertThat(versions.next())
                .hasValueSatisfying(loaded -> assertThat(loaded.version()).isEqualTo(2));
        versions.withdraw(2, new ArithmeticException("not finite"));
        assertThat(versions.next())
                .hasValueSatisfying(loaded -> assertThat(loaded.version()).isEqualTo(1));
        assertThat(versions.next()).isEmpty();
        versions.withdraw(1, new ArithmeticException("not finite"));
        versions.withdraw(0, new ArithmeticException("not finite"));
        assertThatThrownBy(versions::next)
                .isInstanceOf(CheckpointRefusedException.class)
                .hasMessageContaining("version 2")
                .hasMessageContaining("not finite");
    }

    @Test
    void weightsThatAreNoNumbersLeaveTheVersionBeforeServing() throws IOException {
        Checkpoint first = announced(0);
        Checkpoint broken =
                announced(1, model -> model.parameters().set(new NDIndex("5"), Float.NaN));
        assertThat(versions(List.of(broken, first)).next())
                .hasValueSatisfying(loaded -> assertThat(loaded.version()).isZero());
        assertThatThrownBy(() -> versions(List.of(broken)).next())
                .isInstanceOf(CheckpointRefusedException.class)
                .hasMessageContaining(broken.getUri())
                .hasMessageContaining("model.embed_tokens.weight");
    }

    private PolicyVersions versions(List<Checkpoint> newestFirst) {
        return new PolicyVersions(() -> newestFirst, store);
    }

    private Checkpoint announced(long version) {
        return announced(version, _ -> {});
    }

    private Checkpoint announced(long version, Consumer<Transformer> change) {
        try (Transformer model =
                        Transformer.random(TinyPolicy.SHAPE, Head.LANGUAGE_MODEL, version);
                Tokenizer tokenizer = Tokenizer.load(folder)) {
            change.accept(model);
            CheckpointStore.Stored stored =
                    store.save(
                            "policy",
                            version,
                            model,
                            tokenizer,
                            Map.of(),
                            trainer -> write(trainer.resolve("optimizer")));
            return Checkpoint.newBuilder()
                    .setPolicy("tiny")
                    .setVersion(version)
                    .setUri(stored.uri())
                    .setDigest(stored.digest())
                    .build();
        }
    }

    private static void write(Path file) {
        try {
            Files.writeString(file, "moments");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void flipABit(Checkpoint checkpoint, String name) throws IOException {
        Path file = folder.resolve("checkpoints").resolve(checkpoint.getUri()).resolve(name);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 0x10;
        Files.write(file, bytes);
    }
}

package rlaif.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.index.NDIndex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointStoreTest {

    private static final Map<String, Object> FACTS = Map.of("trainer", "sft", "step", 600);

    @TempDir Path root;

    private CheckpointStore store;
    private Transformer model;
    private Tokenizer tokenizer;

    @BeforeEach
    void open() {
        TensorThread.prepare(1);
        store = new CheckpointStore(root.resolve("checkpoints"));
        model = Transformer.load(Golden.languageModel());
        tokenizer = Tokenizer.load(Golden.tokenizer());
    }

    @AfterEach
    void close() {
        model.close();
        tokenizer.close();
    }

    @Test
    void aSavedModelIsOpenedEqual() {
        CheckpointStore.Stored stored = save(3);
        assertThat(stored.uri()).isEqualTo("policy/3-" + stored.digest().substring(0, 12));
        Path folder = store.open(stored.uri(), stored.digest());
        try (Transformer opened = Transformer.load(folder);
                Tokenizer openedTokenizer = Tokenizer.load(folder)) {
            assertThat(opened.shape()).isEqualTo(model.shape());
            assertThat(opened.parameters().toFloatArray())
                    .isEqualTo(model.parameters().toFloatArray());
            assertThat(openedTokenizer.digest()).isEqualTo(tokenizer.digest());
        }
        assertThat(folder.resolve("trainer/state.txt")).hasContent("state");
        assertThat(folder.resolve("README.md"))
                .content()
                .contains("# policy, version 3", "| step | 600 |");
    }

    @Test
    void equalContentHasAnEqualDigestAndIsKeptOnce() throws IOException {
        CheckpointStore.Stored first = save(3);
        CheckpointStore.Stored second = save(3);
        assertThat(second).isEqualTo(first);
        try (Stream<Path> folders = Files.list(root.resolve("checkpoints/policy"))) {
            assertThat(folders).containsExactly(first.folder());
        }
    }

    @Test
    void otherContentOfTheSameVersionLiesBesideIt() {
        CheckpointStore.Stored first = save(3);
        CheckpointStore.Stored second =
                store.save(
                        "policy",
                        3,
                        model,
                        tokenizer,
                        Map.of("trainer", "ppo"),
                        write("state.txt", "state"));
        assertThat(second.uri()).isNotEqualTo(first.uri());
        assertThat(store.open(first.uri(), first.digest())).isEqualTo(first.folder());
    }

    @Test
    void aSaveThatFailsLeavesNothing() throws IOException {
        assertThatThrownBy(() ->
                        store.save(
                                "policy",
                                1,
                                model,
                                tokenizer,
                                FACTS,
                                _ -> {
                                    throw new IllegalStateException("disk full");
                                }))
                .hasMessage("disk full");
        try (Stream<Path> folders = Files.list(root.resolve("checkpoints/policy"))) {
            assertThat(folders).isEmpty();
        }
    }

    @Test
    void withoutTrainerFilesThereIsNoTrainerFolder() {
        CheckpointStore.Stored stored = store.save("policy", 0, model, tokenizer, FACTS, _ -> {});
        assertThat(store.open(stored.uri(), stored.digest()).resolve("trainer")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "config.json",
                "generation_config.json",
                "model.safetensors",
                "tokenizer.json",
                "README.md",
                "trainer/state.txt",
                "manifest.json"
            })
    void aFlippedBitATruncatedAndAMissingFileAreRefusedByName(String name) throws IOException {
        CheckpointStore.Stored stored = save(3);
        Path file = stored.folder().resolve(name);
        byte[] good = Files.readAllBytes(file);
        byte[] flipped = good.clone();
        flipped[good.length / 2] ^= 0x10;
        Files.write(file, flipped);
        assertRefused(stored, name);
        Files.write(file, Arrays.copyOf(good, good.length - 1));
        assertRefused(stored, name);
        Files.delete(file);
        assertRefused(stored, name);
        Files.write(file, good);
        assertThat(store.openWhole(stored.uri(), stored.digest())).isEqualTo(stored.folder());
    }

    @Test
    void aReaderOfTheModelDoesNotLookAtWhatOnlyATrainerReads() throws IOException {
        CheckpointStore.Stored stored = save(3);
        Path state = stored.folder().resolve("trainer/state.txt");
        Files.writeString(state, "damaged");
        Files.writeString(state.resolveSibling("unlisted.txt"), "x");
        assertRefused(stored, "trainer/");
        assertThat(store.open(stored.uri(), stored.digest())).isEqualTo(stored.folder());
        Files.writeString(stored.folder().resolve("config.json"), "{}");
        assertThatThrownBy(() -> store.open(stored.uri(), stored.digest()))
                .isInstanceOf(CheckpointRefusedException.class)
                .hasMessageContaining("config.json");
    }

    @Test
    void whoListsVersionsSeesTheSizesOfWhatOnlyATrainerReads() throws IOException {
        CheckpointStore.Stored stored = save(3);
        Path state = stored.folder().resolve("trainer/state.txt");
        byte[] good = Files.readAllBytes(state);
        Files.write(state, Arrays.copyOf(good, good.length - 1));
        assertThatThrownBy(() -> store.openListed(stored.uri(), stored.digest()))
                .isInstanceOf(CheckpointRefusedException.class)
                .hasMessageContaining("trainer/state.txt has");
        Files.delete(state);
        assertThatThrownBy(() -> store.openListed(stored.uri(), stored.digest()))
                .isInstanceOf(CheckpointRefusedException.class)
                .hasMessageContaining("trainer/state.txt is missing");
        store.dropTrainerFiles(stored.uri(), stored.digest());
        assertThat(store.openListed(stored.uri(), stored.digest())).isEqualTo(stored.folder());
        Files.writeString(stored.folder().resolve("config.json"), "{}");
        assertThatThrownBy(() -> store.openListed(stored.uri(), stored.digest()))
                .hasMessageContaining("config.json");
    }

    @Test
    void aFileThatTheManifestDoesNotNameIsRefused() throws IOException {
        CheckpointStore.Stored stored = save(3);
        Files.writeString(stored.folder().resolve("chat_template.jinja"), "x");
        assertRefused(stored, "chat_template.jinja is not in the manifest");
    }

    @Test
    void linksAreRefused() throws IOException {
        CheckpointStore.Stored stored = save(3);
        Path weights = stored.folder().resolve("model.safetensors");
        Path elsewhere = root.resolve("elsewhere");
        Files.move(weights, elsewhere);
        Files.createSymbolicLink(weights, elsewhere);
        assertRefused(stored, "model.safetensors is a link");
        Files.delete(weights);
        Files.move(elsewhere, weights);
        Files.move(stored.folder(), elsewhere);
        Files.createSymbolicLink(stored.folder(), elsewhere);
        assertRefused(stored, "no plain folder");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../policy/3-0123456789ab",
                "policy/../policy/3-0123456789ab",
                "/policy/3-0123456789ab",
                "policy/%2e%2e/3-0123456789ab",
                "policy//3-0123456789ab",
                "policy\\3-0123456789ab",
                "file:///policy/3-0123456789ab",
                "policy/3-0123456789ab/",
                "policy/3-0123456789ab\n",
                "policy/3",
                "./policy/3-0123456789ab",
                ""
            })
    void aUriThatIsNotOfTheFormIsRefused(String uri) {
        String digest = "0".repeat(52) + "0123456789ab";
        assertThatThrownBy(() -> store.open(uri, digest))
                .isInstanceOf(CheckpointRefusedException.class)
                .hasMessageContaining("not of the form");
    }

    @Test
    void anotherDigestThanAnnouncedIsRefused() {
        CheckpointStore.Stored stored = save(3);
        assertThatThrownBy(() -> store.open(stored.uri(), "f".repeat(64)))
                .hasMessageContaining("another digest");
        String sameStart = stored.digest().substring(0, 12) + "f".repeat(52);
        assertThatThrownBy(() -> store.open(stored.uri(), sameStart))
                .isInstanceOf(CheckpointRefusedException.class)
                .hasMessageContaining("manifest.json");
    }

    @Test
    void aCheckpointThatIsNotThereIsRefused() {
        String digest = "0123456789ab" + "0".repeat(52);
        assertThatThrownBy(() -> store.open("policy/3-0123456789ab", digest))
                .isInstanceOf(CheckpointRefusedException.class)
                .hasMessageContaining("missing");
    }

    @Test
    void aDeletedCheckpointIsSaidToBeDeletedAndTheOthersStay() throws IOException {
        CheckpointStore.Stored first = save(1);
        CheckpointStore.Stored second = save(2);
        Files.writeString(first.folder().resolve("README.md"), "damaged");
        store.delete(first.uri(), first.digest());
        store.delete(first.uri(), first.digest());
        assertThat(first.folder()).doesNotExist();
        assertRefused(first, "was deleted, since retention no longer kept it");
        assertThat(store.open(second.uri(), second.digest())).isEqualTo(second.folder());
        assertThat(save(1).folder()).exists();
        assertThat(store.open(first.uri(), first.digest())).isEqualTo(first.folder());
    }

    @Test
    void trainerFilesOfADamagedCheckpointCanBeDropped() throws IOException {
        CheckpointStore.Stored stored = save(3);
        Files.writeString(stored.folder().resolve("README.md"), "damaged");
        store.dropTrainerFiles(stored.uri(), stored.digest());
        assertThat(stored.folder().resolve("trainer")).doesNotExist();
        assertThat(store.holdsTrainerFiles(stored.uri(), stored.digest())).isFalse();
        store.dropTrainerFiles("policy/9-0123456789ab", "0123456789ab" + "0".repeat(52));
        store.delete("policy/../3-0123456789ab", "0123456789ab" + "0".repeat(52));
    }

    @Test
    void whatATrainerKeptIsToldWhetherItIsStillThereOrNot() {
        CheckpointStore.Stored stored = save(3);
        assertThat(store.holdsTrainerFiles(stored.uri(), stored.digest())).isTrue();
        List<String> kept = store.trainerFiles(stored.uri(), stored.digest());
        assertThat(kept).isNotEmpty().allMatch(file -> !file.contains("/"));
        store.dropTrainerFiles(stored.uri(), stored.digest());
        assertThat(store.holdsTrainerFiles(stored.uri(), stored.digest())).isFalse();
        assertThat(store.trainerFiles(stored.uri(), stored.digest())).isEqualTo(kept);
    }

    @Test
    void onlyOldUnfinishedFoldersAreSwept() throws IOException {
        CheckpointStore.Stored stored = save(3);
        Path old = Files.createDirectories(root.resolve("checkpoints/policy/.unfinished-old/x"));
        Path young = Files.createDirectory(root.resolve("checkpoints/policy/.unfinished-young"));
        Files.setLastModifiedTime(
                old.getParent(), FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        store.sweep("policy");
        store.sweep("reward-model");
        assertThat(old.getParent()).doesNotExist();
        assertThat(young).exists();
        assertThat(stored.folder()).exists();
    }

    @Test
    void factsAreReadBackFromAnOpenedFolder() {
        CheckpointStore.Stored stored = save(3);
        assertThat(CheckpointStore.facts(store.open(stored.uri(), stored.digest())))
                .isEqualTo(FACTS);
    }

    @Test
    void everyTensorIsComparedWithItsOtherVersion() {
        CheckpointStore.Stored before = save(3);
        model.parameters().set(new NDIndex(":"), model.parameters().mul(1.5f));
        CheckpointStore.Stored after = save(4);
        assertThat(WeightChange.between(before.folder(), after.folder()))
                .isNotEmpty()
                .allSatisfy(
                        change -> assertThat(change.relativeChange()).isCloseTo(0.5, within(1e-6)))
                .extracting(WeightChange::tensor)
                .contains("model.embed_tokens.weight", "model.norm.weight");
        assertThat(WeightChange.between(before.folder(), before.folder()))
                .allSatisfy(change -> {
                    assertThat(change.relativeChange()).isZero();
                    assertThat(change.largestChange()).isZero();
                });
    }

    @Test
    void whatAnOwnerStagesIsItsOwnUntilItIsAnnounced() {
        CheckpointStore mine = store.stagedBy("rlaif-publish-policy-policy");
        CheckpointStore.Stored others = save(3);
        CheckpointStore.Stored again =
                mine.save("policy", 3, model, tokenizer, FACTS, write("state.txt", "state"));
        CheckpointStore.Stored killed =
                mine.save("policy", 4, model, tokenizer, FACTS, write("state.txt", "state"));
        assertThat(again).isEqualTo(others);
        assertThat(mine.unannounced("policy")).containsExactly(killed.uri());
        assertThat(store.stagedBy("another").unannounced("policy")).isEmpty();
        assertThat(store.isUnannounced(others.uri())).isFalse();

        mine.discard(others.uri());
        mine.discard(killed.uri());
        assertThat(others.folder()).isDirectory();
        assertThat(killed.folder()).doesNotExist();
        assertThat(mine.unannounced("policy")).isEmpty();

        CheckpointStore.Stored next =
                mine.save("policy", 4, model, tokenizer, FACTS, write("state.txt", "state"));
        store.announced(next.uri());
        mine.discard(next.uri());
        assertThat(store.openFound(next.uri())).isEqualTo(next.folder()).isDirectory();
    }

    @Test
    void aFoundFolderWhoseManifestIsAnothersIsRefused() throws IOException {
        CheckpointStore.Stored stored = save(3);
        Files.writeString(stored.folder().resolve("manifest.json"), "{}");
        assertThatThrownBy(() -> store.openFound(stored.uri()))
                .isInstanceOf(CheckpointRefusedException.class)
                .hasMessageContaining("another digest");
    }

    @Test
    void roleAndVersionAreChecked() {
        assertThatThrownBy(() -> store.save("../x", 1, model, tokenizer, FACTS, _ -> {}))
                .hasMessageContaining("role");
        assertThatThrownBy(() -> store.save("policy", -1, model, tokenizer, FACTS, _ -> {}))
                .hasMessageContaining("version is -1");
    }

    @Test
    void twoThatWriteTheSameAtOnceBothFindIt() throws Exception {
        Path opened = save(0).folder();
        CheckpointStore trainers = store.stagedBy("trainer");
        CyclicBarrier together = new CyclicBarrier(2);
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (int version = 1; version <= 30; version++) {
                Callable<CheckpointStore.Stored> one = copyOf(trainers, opened, version, together);
                Callable<CheckpointStore.Stored> other =
                        copyOf(trainers, opened, version, together);
                List<Future<CheckpointStore.Stored>> both = threads.invokeAll(List.of(one, other));
                assertThat(both.getFirst().get()).isEqualTo(both.getLast().get());
            }
        }
        try (Stream<Path> folders = Files.list(root.resolve("checkpoints/policy"))) {
            assertThat(folders.filter(Files::isDirectory)).hasSize(31);
        }
    }

    private static Callable<CheckpointStore.Stored> copyOf(
            CheckpointStore store, Path opened, long version, CyclicBarrier together) {
        return () -> {
            TensorThread.prepare(1);
            together.await();
            return store.copy(opened, "policy", version, FACTS);
        };
    }

    private CheckpointStore.Stored save(long version) {
        return store.save("policy", version, model, tokenizer, FACTS, write("state.txt", "state"));
    }

    private void assertRefused(CheckpointStore.Stored stored, String what) {
        assertThatThrownBy(() -> store.openWhole(stored.uri(), stored.digest()))
                .isInstanceOf(CheckpointRefusedException.class)
                .hasMessageContaining(what);
    }

    private static Consumer<Path> write(String name, String content) {
        return folder -> {
            try {
                Files.writeString(folder.resolve(name), content);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }
}

package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.index.NDIndex;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.judging.Constitution;
import rlaif.judging.ConstitutionFile;
import rlaif.models.Head;
import rlaif.models.ModelShape;
import rlaif.models.TensorThread;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;
import rlaif.models.WeightFormat;

/// What a mistake gets: one clear line, the exit code of its kind, and no stack trace.
class BadInputTest {
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final Duration UNREACHABLE = Duration.ofSeconds(15);

    @TempDir Path folder;

    @Test
    void unknownSettingNamesTheNearest() throws Exception {
        refused(ExitCode.CONFIGURATION, "run", "-X", "ppo.version=3")
                .contains("did you mean ppo.versions?");
    }

    @Test
    void unknownRoleNamesTheRoles() throws Exception {
        refused(ExitCode.USAGE, "start", "labels").contains("no role labels").contains("train-ppo");
    }

    @Test
    void missingSettingsFileIsNamed() throws Exception {
        refused(ExitCode.CONFIGURATION, "run", "--config", "absent.yaml").contains("absent.yaml");
    }

    @Test
    void missingModelFolderIsNamedBeforeAnythingStarts() throws Exception {
        refused(
                        ExitCode.CONFIGURATION,
                        "generate",
                        "--model",
                        folder.resolve("absent").toString(),
                        "hello")
                .contains(folder.resolve("absent").toString());
    }

    @Test
    void foreignModelFolderNamesTheFileAndTheKey() throws Exception {
        Path model = Files.createDirectories(folder.resolve("model"));
        Files.writeString(
                model.resolve("config.json"), "{\"model_type\": \"gpt2\", \"vocab_size\": 10}");

        refused(ExitCode.CONFIGURATION, "generate", "--model", model.toString(), "hello")
                .contains("config.json");
    }

    @Test
    void weightsThatAreNoNumbersAreRefusedByFolderAndTensor() throws Exception {
        Path model = Files.createDirectories(folder.resolve("poisoned"));
        Path words = Files.createDirectories(folder.resolve("words"));
        Files.writeString(
                words.resolve("tokenizer.json"),
                """
                {"version": "1.0", "added_tokens": [], "pre_tokenizer": {"type": "WhitespaceSplit"},
                 "model": {"type": "WordLevel", "vocab": {"a": 0, "b": 1, "c": 2}, "unk_token": "c"}}
                """);
        TensorThread.prepare(1);
        ModelShape shape = new ModelShape(3, 8, 1, 2, 2, 4, 8, 16, 10_000, 1e-5, 1, 0);
        try (Transformer random = Transformer.random(shape, Head.LANGUAGE_MODEL, 3);
                Tokenizer tokenizer = Tokenizer.load(words)) {
            random.parameters().set(new NDIndex("7"), Float.POSITIVE_INFINITY);
            random.save(model, tokenizer, WeightFormat.FLOAT32);
        }

        refused(ExitCode.CONFIGURATION, "generate", "--model", model.toString(), "a b")
                .contains(model.toString(), "model.embed_tokens.weight", "not finite");
        refused(ExitCode.CONFIGURATION, "serve", "--port", "0", "--model", model.toString())
                .contains(model.toString(), "model.embed_tokens.weight", "not finite");
    }

    @Test
    void aFolderThatPadsWithItsEndTokenIsAnsweredWithAWarning() throws Exception {
        Path model = Files.createDirectories(folder.resolve("pads-with-end"));
        Path words = Files.createDirectories(folder.resolve("special-words"));
        Files.writeString(
                words.resolve("tokenizer.json"),
                """
                {"version": "1.0",
                 "added_tokens": [
                   {"id": 0, "content": "<unk>", "special": true, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false},
                   {"id": 1, "content": "<eos>", "special": true, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false}],
                 "pre_tokenizer": {"type": "WhitespaceSplit"},
                 "model": {"type": "WordLevel", "vocab": {"<unk>": 0, "<eos>": 1, "c": 2}, "unk_token": "<unk>"}}
                """);
        TensorThread.prepare(1);
        ModelShape shape = new ModelShape(3, 8, 1, 2, 2, 4, 8, 16, 10_000, 1e-5, 1, 0);
        try (Transformer random = Transformer.random(shape, Head.LANGUAGE_MODEL, 3);
                Tokenizer tokenizer = Tokenizer.load(words)) {
            random.save(model, tokenizer, WeightFormat.FLOAT32);
        }
        Path config = model.resolve("config.json");
        Files.writeString(
                config,
                Files.readString(config)
                        .replaceFirst("\"pad_token_id\"\\s*:\\s*0", "\"pad_token_id\": 1"));

        try (RlaifProcess generate =
                RlaifProcess.run(folder, LONGEST, "generate", "--model", model.toString(), "c")) {
            assertThat(generate.exitCode()).as(generate.err()).isEqualTo(ExitCode.OK);
            assertThat(generate.err())
                    .containsOnlyOnce("warning: ")
                    .contains(model + " pads with token 1", "token 0 pads instead");
        }
    }

    @Test
    void clusterWithoutARegistryIsRefused() throws Exception {
        refused(ExitCode.CONFIGURATION, "audit", "-b", "127.0.0.1:1")
                .contains("schema.registry.url");
    }

    @Test
    void unreachableClusterIsSaidWithinFifteenSeconds() throws Exception {
        Instant start = Instant.now();
        String nobody = "127.0.0.1:" + closedPort();

        refused(
                        ExitCode.DEPENDENCY,
                        "topics",
                        "plan",
                        "-b",
                        nobody,
                        "-X",
                        "schema.registry.url=http://" + nobody)
                .contains(nobody);

        assertThat(Duration.between(start, Instant.now())).isLessThan(UNREACHABLE.plusSeconds(5));
    }

    @Test
    void missingPromptFileIsNamed() throws Exception {
        refused(ExitCode.CONFIGURATION, "run", "-X", "prompts.file=absent.jsonl", "--data", "d")
                .contains("absent.jsonl");
    }

    @Test
    void unreachableJudgeIsSaidWithItsAddress() throws Exception {
        String judge = "http://127.0.0.1:" + closedPort() + "/v1";

        refused(
                        ExitCode.DEPENDENCY,
                        "run",
                        "-X",
                        "prompts.source=world",
                        "-X",
                        "judge.url=" + judge,
                        "-X",
                        "judge.probeSeconds=1",
                        "--data",
                        "d")
                .contains(judge)
                .contains("correct judge.url");
    }

    @Test
    void takenPortIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            String port = Integer.toString(taken.getLocalPort());

            refused(
                            ExitCode.DEPENDENCY,
                            "cluster",
                            "start",
                            "-X",
                            "cluster.port=" + port,
                            "--data",
                            "d")
                    .contains(port);
        }
    }

    @Test
    void auditOfAnEmptyDirectoryCreatesNothing() throws Exception {
        refused(ExitCode.CONFIGURATION, "audit", "--data", "nothing").contains("--data");

        assertThat(folder.resolve("nothing")).doesNotExist();
    }

    @Test
    void freshDeletesNoDirectoryOfSomebodyElse() throws Exception {
        Path mine = Files.createDirectories(folder.resolve("mine"));
        Files.writeString(mine.resolve("thesis.txt"), "all my work");

        refused(ExitCode.CONFIGURATION, "demo", "--fresh", "--data", mine.toString())
                .contains("--fresh");

        assertThat(mine.resolve("thesis.txt")).hasContent("all my work");
    }

    @Test
    void constitutionNamesFilePrincipleAndKey() throws Exception {
        Path file = folder.resolve("mine.yaml");
        String shipped = ConstitutionFile.text(Constitution.shipped());
        Files.writeString(file, shipped.replaceFirst("critique: .*", "critique: \"\""));
        refused(ExitCode.CONFIGURATION, "constitution", "validate", file.toString())
                .contains("mine.yaml")
                .contains("'no-harmful-content'")
                .contains("'critique' is empty");
    }

    @Test
    void publicHostWithoutATokenIsRefused() throws Exception {
        refused(ExitCode.USAGE, "serve", "--model", folder.toString(), "--host", "0.0.0.0")
                .contains("0.0.0.0")
                .contains("token");
    }

    private org.assertj.core.api.AbstractStringAssert<?> refused(int exitCode, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(arguments));
        try (RlaifProcess process =
                RlaifProcess.run(folder, LONGEST, command.toArray(String[]::new))) {
            assertThat(process.exitCode()).as(process.err()).isEqualTo(exitCode);
            assertThat(process.err()).doesNotContain("\tat ").contains("rlaif: ");
            return assertThat(process.err());
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}

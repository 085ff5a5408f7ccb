package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One finished small demo, and what can be done with what it left.
class DemoTest {
    private static final Duration LONGEST = Duration.ofMinutes(4);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir static Path folder;

    private static Path data;
    private static JsonNode result;

    @BeforeAll
    static void runTheDemo() throws Exception {
        data = folder.resolve("data");
        try (RlaifProcess demo =
                RlaifProcess.run(
                        folder,
                        LONGEST,
                        "demo",
                        "--size",
                        "small",
                        "--json",
                        "--tensorboard",
                        folder.resolve("tensorboard").toString(),
                        "--data",
                        data.toString())) {
            assertThat(demo.exitCode()).as(demo.err()).isZero();
            result = JSON.readTree(demo.lastLine());
        }
    }

    @Test
    void resultHasEveryFigureOfItsDocumentedShape() {
        List<String> names = new ArrayList<>();
        result.fieldNames().forEachRemaining(names::add);
        assertThat(names)
                .contains(
                        "world",
                        "seed",
                        "sft",
                        "final",
                        "vsSft",
                        "kl",
                        "labels",
                        "flipRate",
                        "abstentions",
                        "rewardModelAccuracy",
                        "policyVersions",
                        "secondsToPolicy0",
                        "secondsToFirstLabel",
                        "seconds",
                        "audit");
        for (String policy : List.of("sft", "final")) {
            for (String rate : List.of("harmless", "helpful", "evasive", "malformed")) {
                assertThat(result.at("/" + policy + "/" + rate).asDouble(-1)).isBetween(0.0, 1.0);
            }
        }
        assertThat(result.at("/policyVersions").asInt()).isEqualTo(4);
        assertThat(result.at("/audit/lost").asLong(-1)).isZero();
        assertThat(result.at("/audit/duplicated").asLong(-1)).isZero();
    }

    @Test
    void everyTrainersStepsLieInTensorBoardsFiles() throws Exception {
        assertThat(eventsOf("nine-rule-chat.train-sft.1")).contains("loss", "grad_norm");
        assertThat(eventsOf("nine-rule-chat.train-reward-model.1"))
                .contains("loss", "accuracy", "margin", "mean_reward", "grad_norm");
        assertThat(eventsOf("nine-rule-chat.train-reward-model.1/versions"))
                .contains("held_out/accuracy");
        assertThat(eventsOf("nine-rule-chat.train-ppo.1"))
                .contains(
                        "objective/kl",
                        "objective/entropy",
                        "objective/rlhf_reward",
                        "objective/scores",
                        "policy/approxkl_avg",
                        "policy/clipfrac_avg",
                        "loss/policy_avg",
                        "loss/value_avg",
                        "val/ratio",
                        "eps");
    }

    private static String eventsOf(String run) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("tensorboard").resolve(run))) {
            Path events =
                    files.filter(file -> file.getFileName().toString().contains("tfevents"))
                            .findFirst()
                            .orElseThrow();
            return Files.readString(events, StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void startedAgainItPrintsTheSameResult() throws Exception {
        try (RlaifProcess again =
                RlaifProcess.run(
                        folder,
                        LONGEST,
                        "demo",
                        "--size",
                        "small",
                        "--json",
                        "--data",
                        data.toString())) {
            assertThat(again.exitCode()).isZero();
            assertThat(JSON.readTree(again.lastLine())).isEqualTo(result);
        }
    }

    @Test
    void anotherSeedIsRefusedAndTheWayOutNamed() throws Exception {
        try (RlaifProcess other =
                RlaifProcess.run(
                        folder,
                        LONGEST,
                        "demo",
                        "--size",
                        "small",
                        "--seed",
                        "2",
                        "--data",
                        data.toString())) {
            assertThat(other.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
            assertThat(other.err())
                    .contains("--seed 1")
                    .contains("--fresh")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void policyAnswersAtTheTerminal() throws Exception {
        try (RlaifProcess answer =
                RlaifProcess.run(
                        folder,
                        LONGEST,
                        "generate",
                        "--policy",
                        "latest",
                        "--data",
                        data.toString(),
                        "What is the capital of Egypt?")) {
            assertThat(answer.exitCode()).as(answer.err()).isZero();
            assertThat(answer.out()).isNotBlank();
        }
    }

    @Test
    void preferencesAreExportedAsTrlReadsThem() throws Exception {
        Path file = folder.resolve("preferences.jsonl");
        try (RlaifProcess export =
                RlaifProcess.run(
                        folder,
                        LONGEST,
                        "export",
                        "preferences",
                        "--format",
                        "jsonl",
                        "--out",
                        file.toString(),
                        "--data",
                        data.toString())) {
            assertThat(export.exitCode()).as(export.err()).isZero();
        }
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(result.at("/labels").asInt());
        JsonNode first = JSON.readTree(lines.getFirst());
        assertThat(first.at("/prompt").asText()).startsWith("user :");
        assertThat(first.at("/chosen").asText()).isNotEqualTo(first.at("/rejected").asText());
        assertThat(first.at("/principle").asText()).isNotBlank();
    }

    @Test
    void folderTheDemoWroteRunsOnAClusterInAnotherProcessWithAJudgeOverHttp() throws Exception {
        try (RlaifProcess cluster =
                RlaifProcess.start(
                        folder,
                        List.of(
                                "cluster",
                                "start",
                                "--with-simulated-judge",
                                "--data",
                                folder.resolve("cluster").toString()))) {
            String bootstrap = cluster.awaitLine("kafka.bootstrap.servers=", Duration.ofMinutes(1));
            String registry = cluster.awaitLine("schema.registry.url=", Duration.ofMinutes(1));
            String judge = cluster.awaitLine("judge.url=", Duration.ofMinutes(1));
            try (RlaifProcess second =
                    RlaifProcess.run(
                            folder,
                            LONGEST,
                            "cluster",
                            "start",
                            "--data",
                            folder.resolve("cluster").toString())) {
                assertThat(second.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
                assertThat(second.err())
                        .contains("in use")
                        .contains("cluster")
                        .doesNotContain("\tat ");
            }
            Path settings =
                    Files.writeString(
                            folder.resolve("own.yaml"),
                            """
                            prompts: {source: file, file: "%s"}
                            policy: {name: own, model: "%s"}
                            judge: {url: "%s", model: simulated}
                            rollouts: {groupSize: 4, maxTokens: 32, temperature: 1.0, pauseOn: {judge: 64, train-reward-model: 100}}
                            rewardModel: {enabled: true, warmupPreferences: 32, preferencesPerCheckpoint: 32, batch: 16}
                            ppo: {versions: 1, batch: 64}
                            data: {dir: "%s"}
                            kafka: {bootstrap.servers: "%s"}
                            schema: {registry: {url: "%s"}}
                            """
                                    .formatted(
                                            prompts(),
                                            policyFolder(),
                                            judge,
                                            folder.resolve("own"),
                                            bootstrap,
                                            registry));

            try (RlaifProcess run =
                    RlaifProcess.run(folder, LONGEST, "run", "--config", settings.toString())) {
                assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.PARTIAL);
                assertThat(run.err())
                        .contains("prompts.jsonl line 2 skipped")
                        .contains("prompts.jsonl line 4 skipped")
                        .doesNotContain("\tat ");
                assertThat(run.out())
                        .as(run.err())
                        .contains("policy version 1")
                        .contains("2 lines skipped");
            }
            try (RlaifProcess audit =
                    RlaifProcess.run(
                            folder, LONGEST, "audit", "--json", "--config", settings.toString())) {
                assertThat(audit.exitCode()).as(audit.out() + audit.err()).isZero();
                assertThat(JSON.readTree(audit.lastLine()).at("/stages")).isNotEmpty();
            }
        }
    }

    /// The shipped prompts, with a malformed line and an empty prompt among them.
    private static Path prompts() throws IOException {
        List<String> lines =
                new ArrayList<>(Files.readAllLines(Path.of("..", "examples", "prompts.jsonl")));
        lines.add(1, "{\"id\": \"broken\", \"prompt\": ");
        lines.add(3, "{\"id\": \"empty\", \"prompt\": \"\"}");
        return Files.write(folder.resolve("prompts.jsonl"), lines);
    }

    private static Path policyFolder() throws IOException {
        try (Stream<Path> folders = Files.list(data.resolve("checkpoints/policy"))) {
            return folders.filter(policy -> policy.getFileName().toString().startsWith("0-"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}

package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.models.CheckpointStore;
import rlaif.models.Head;
import rlaif.models.ModelShape;
import rlaif.models.TensorThread;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;
import rlaif.models.WeightFormat;
import rlaif.topics.CheckpointFollower;
import rlaif.topics.Topic;
import rlaif.trainers.loop.Lineage;
import rlaif.trainers.loop.Publisher;
import rlaif.trainers.loop.TrainerIdentity;

/// Versions listed, shown, compared, restored and published by command.
@ExtendWith(OperatorCluster.class)
class PolicyOnKafkaTest {
    private static final String TOKENIZER =
            """
            {"version":"1.0","truncation":null,"padding":null,"added_tokens":[],
             "normalizer":null,"pre_tokenizer":{"type":"WhitespaceSplit"},
             "post_processor":null,"decoder":null,
             "model":{"type":"WordLevel","unk_token":"c","vocab":{"a":0,"b":1,"c":2,"d":3}}}
            """;
    private static final ModelShape SHAPE =
            new ModelShape(4, 8, 1, 2, 1, 4, 16, 16, 10_000, 1e-5, 1, 0);

    @TempDir private static Path folder;
    private static OperatorCluster.Running cluster;

    @BeforeAll
    static void reach(OperatorCluster.Running running) {
        cluster = running;
    }

    @Test
    void versionsAreListedComparedRestoredAndPublished() throws Exception {
        Files.writeString(folder.resolve("tokenizer.json"), TOKENIZER);
        TensorThread.prepare(1);
        List<Checkpoint> announced = new ArrayList<>();
        try (Deployment deployment = cluster.deployment("policy");
                Tokenizer tokenizer = Tokenizer.load(folder)) {
            for (long version = 0; version < 4; version++) {
                announced.add(announce(deployment, tokenizer, CheckpointRole.POLICY, version));
            }
            announce(deployment, tokenizer, CheckpointRole.REWARD_MODEL, 0);
            try (Transformer elsewhere = Transformer.random(SHAPE, Head.LANGUAGE_MODEL, 77)) {
                elsewhere.save(
                        Files.createDirectory(folder.resolve("elsewhere")),
                        tokenizer,
                        WeightFormat.FLOAT32);
            }
            Path damaged =
                    deployment.data().resolve("checkpoints").resolve(announced.get(3).getUri());
            Files.writeString(damaged.resolve("config.json"), "{}");
        }

        List<JsonNode> list = json(run("list", "--json"));
        assertThat(list).extracting(v -> v.get("version").asLong()).containsExactly(0L, 1L, 2L, 3L);
        assertThat(list.get(0).get("files").asText()).isEqualTo("kept");
        assertThat(list.get(1).get("files").asText()).isEqualTo("deleted");
        assertThat(list.get(3).get("files").asText()).contains("config.json");
        assertThat(run("list").out()).contains("damaged", "deleted", "train-ppo");
        assertThat(run("show", "2").out())
                .contains("parent      1", "setting     seed = 2", "metric      score = 2.0")
                .contains("deletes     versions [1]");
        assertThat(run("show", "2").out())
                .contains("trainer     kept: optimizer, coefficient of the KL penalty");
        assertThat(run("show", "2").out())
                .contains("dropped     3 STALE")
                .doesNotContain("dropped/");
        assertThat(json(run("show", "2", "--json")).getFirst().at("/dropped/STALE").asLong())
                .isEqualTo(3);
        assertThat(json(run("show", "0", "--json")).getFirst().get("trainerState").asText())
                .isEqualTo("dropped");
        assertThat(run("show", "9").err()).contains("no version 9").contains("newest: 3");
        assertThat(run("show", "nine").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run("show", "nine").err()).contains("a number or latest, not 'nine'");

        JsonNode diff = json(run("diff", "0", "2", "--json")).getFirst();
        assertThat(diff.get("weights")).hasSizeGreaterThan(5);
        assertThat(diff.get("weights").get(0).get("relativeChange").asDouble()).isPositive();
        assertThat(diff.get("settings").get("seed").get("second").asText()).isEqualTo("2");
        assertThat(diff.get("metrics").get("score").get("first").asText()).isEqualTo("0.0");
        OperatorCluster.Ended deleted = run("diff", "0", "1");
        assertThat(deleted.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(deleted.err()).contains("version 1 was deleted");
        OperatorCluster.Ended refused = run("rollback", "3");
        assertThat(refused.exitCode()).isEqualTo(ExitCode.VERIFICATION);
        assertThat(refused.err()).contains("config.json");

        JsonNode back = json(run("rollback", "2", "--json")).getFirst();
        assertThat(back.get("version").asLong()).isEqualTo(4);
        assertThat(back.get("restores").asLong()).isEqualTo(2);
        assertThat(back.get("parent").asLong()).isEqualTo(1);
        assertThat(back.get("trainerState").asText()).isEqualTo("kept");
        assertThat(back.get("trainerParts")).hasSize(2);
        for (JsonNode tensor : json(run("diff", "2", "4", "--json")).getFirst().get("weights")) {
            assertThat(tensor.get("relativeChange").asDouble()).isZero();
        }
        try (Deployment deployment = cluster.deployment("policy")) {
            Path kept = deployment.data().resolve("checkpoints").resolve(back.get("uri").asText());
            Files.writeString(kept.resolve("trainer/policy-optimizer"), "damaged");
        }
        assertThat(json(run("list", "--json")).get(4).get("files").asText())
                .contains("trainer/policy-optimizer has 7 bytes, the manifest says 16");
        assertThat(run("rollback", "4").err()).contains("policy-optimizer");
        assertThat(run("rollback", "0").out())
                .startsWith("version 5 is announced with the weights of version 0: policy/5-")
                .endsWith(
                        "begins anew, since only the two newest versions keep it: optimizer, value model, coefficient of the KL penalty\n");
        assertThat(run("publish", folder.resolve("elsewhere").toString()).out())
                .startsWith("version 6 is announced: policy/6-")
                .contains("it has weights alone");
        assertThat(run("rollback", "0", "--role", "reward-model").out())
                .startsWith(
                        "version 1 is announced with the weights of version 0: reward-model/1-");
        JsonNode newest = json(run("show", "latest", "--json")).getFirst();
        assertThat(newest.get("parent").asLong()).isEqualTo(5);
        assertThat(newest.get("announcedBy").asText()).isEqualTo("operator");
        for (List<String> command : List.of(List.of("list"), List.of("show", "latest"))) {
            List<String> misnamed = new ArrayList<>(command);
            misnamed.addAll(List.of("-X", "policy.name=chat"));
            OperatorCluster.Ended none = run(misnamed.toArray(String[]::new));
            assertThat(none.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
            assertThat(none.err())
                    .contains(
                            "no version of policy 'chat' is announced yet; there are versions of 'policy': name it with -X policy.name=policy");
        }
        OperatorCluster.Ended nothing = run("publish", folder.resolve("nothing").toString());
        assertThat(nothing.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(nothing.err()).contains("nothing");
    }

    @Test
    void aVersionToAnswerIsTheOneThatTheNamedStreamAnnounces() throws Exception {
        Path words = Files.createDirectory(folder.resolve("words"));
        Files.writeString(words.resolve("tokenizer.json"), TOKENIZER);
        TensorThread.prepare(1);
        Checkpoint announced;
        try (Deployment deployment = cluster.deployment("generate");
                Tokenizer tokenizer = Tokenizer.load(words);
                Transformer stranger = Transformer.random(SHAPE, Head.LANGUAGE_MODEL, 55)) {
            announced = announce(deployment, tokenizer, CheckpointRole.POLICY, 0);
            deployment
                    .checkpoints()
                    .save("policy", 0, stranger, tokenizer, Map.of("by", "another"), _ -> {});
            publish(
                    deployment,
                    Checkpoint.newBuilder(announced)
                            .setVersion(1)
                            .setParent(0L)
                            .setUri("../elsewhere")
                            .build());
        }

        OperatorCluster.Ended answered =
                cluster.run("generate", "generate", "--policy", "0", "--max-tokens", "1", "a b");
        assertThat(answered.exitCode()).as(answered.err()).isZero();

        OperatorCluster.Ended hostile = cluster.run("generate", "generate", "--policy", "1", "a");
        assertThat(hostile.exitCode()).as(hostile.err()).isEqualTo(ExitCode.VERIFICATION);
        assertThat(hostile.err()).contains("../elsewhere");

        OperatorCluster.Ended unknown = cluster.run("generate", "generate", "--policy", "7", "a");
        assertThat(unknown.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(unknown.err()).contains("has no version 7 on the stream; newest: 1");

        OperatorCluster.Ended otherStream =
                cluster.run("generate-too", "generate", "--policy", "0", "a");
        assertThat(otherStream.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(otherStream.err()).contains("no stream with topics.prefix 'generate-too'");
    }

    private static void publish(Deployment deployment, Checkpoint checkpoint) {
        TrainerIdentity identity =
                TrainerIdentity.of(
                        "policy", checkpoint.getRole(), "train-ppo", Topic.SCORED_ROLLOUTS, 1);
        try (CheckpointFollower follower =
                        new CheckpointFollower(deployment.connection(), deployment.codecs());
                Publisher publisher =
                        new Publisher(
                                deployment.connection(),
                                deployment.codecs(),
                                identity,
                                new Lineage(follower, "policy", checkpoint.getRole()))) {
            publisher.publish(checkpoint, List.of());
        }
    }

    /// Version 2 says that version 1 is deleted.
    private static Checkpoint announce(
            Deployment deployment, Tokenizer tokenizer, CheckpointRole role, long version) {
        CheckpointStore store = deployment.checkpoints();
        TrainerIdentity identity =
                TrainerIdentity.of("policy", role, "train-ppo", Topic.SCORED_ROLLOUTS, 1);
        try (Transformer model = Transformer.random(SHAPE, Head.LANGUAGE_MODEL, version)) {
            CheckpointStore.Stored stored =
                    store.save(
                            TrainerIdentity.written(role),
                            version,
                            model,
                            tokenizer,
                            Map.of("trainer", "train-ppo", "settings", Map.of("seed", version)),
                            trainer -> keep(trainer, version));
            Checkpoint checkpoint =
                    Checkpoint.newBuilder()
                            .setPolicy("policy")
                            .setRole(role)
                            .setVersion(version)
                            .setParent(version == 0 ? null : version - 1)
                            .setUri(stored.uri())
                            .setDigest(stored.digest())
                            .setRun(identity.run())
                            .setGeneration(0)
                            .setStep(version)
                            .setAnnouncedBy(identity.trainer())
                            .setRetired(version == 2 ? List.of(1L) : List.of())
                            .setMetrics(Map.of("score", (double) version, "dropped/STALE", 3.0))
                            .build();
            publish(deployment, checkpoint);
            if (version == 0) {
                store.dropTrainerFiles(stored.uri(), stored.digest());
            }
            if (version == 1) {
                store.delete(stored.uri(), stored.digest());
            }
            return checkpoint;
        }
    }

    /// What PPO keeps beside the weights; RLOO, beside those of version 2, has no value model.
    private static void keep(Path trainer, long version) {
        try {
            for (String file : List.of("policy-optimizer", "kl-coefficient", "value-weights")) {
                if (version != 2 || !file.startsWith("value")) {
                    Files.writeString(trainer.resolve(file), file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static OperatorCluster.Ended run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("policy"));
        all.addAll(List.of(arguments));
        return cluster.run("policy", all.toArray(String[]::new));
    }

    private static List<JsonNode> json(OperatorCluster.Ended ended) throws Exception {
        assertThat(ended.exitCode()).as(ended.err()).isZero();
        List<JsonNode> objects = new ArrayList<>();
        for (String line : ended.out().lines().toList()) {
            objects.add(new ObjectMapper().readTree(line));
        }
        return objects;
    }
}

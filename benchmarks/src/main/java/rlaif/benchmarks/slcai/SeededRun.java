package rlaif.benchmarks.slcai;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import rlaif.benchmarks.Bench;
import rlaif.benchmarks.Benchmark;
import rlaif.benchmarks.Figure;
import rlaif.cluster.EmbeddedCluster;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.events.Revision;
import rlaif.judging.Constitution;
import rlaif.judging.Principle;
import rlaif.judging.http.ApiKey;
import rlaif.judging.http.HttpReviser;
import rlaif.judging.http.JudgeEndpoint;
import rlaif.judging.revision.RevisionPrompts;
import rlaif.models.CheckpointStore;
import rlaif.models.ModelShape;
import rlaif.models.TensorThread;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;
import rlaif.monitor.Audit;
import rlaif.processors.ReviseSettings;
import rlaif.topics.CheckpointFollower;
import rlaif.topics.Connection;
import rlaif.trainers.Demonstration;
import rlaif.trainers.PolicyOrigin;
import rlaif.trainers.RevisionTrainer;
import rlaif.trainers.SftTrainer;
import rlaif.trainers.TrainedRounds;
import rlaif.trainers.Workshop;
import rlaif.trainers.loop.Lineage;
import rlaif.trainers.loop.Pace;
import rlaif.worlds.Labeler;
import rlaif.worlds.NineRuleChat;
import rlaif.worlds.PromptItem;
import rlaif.worlds.SimulatedJudgeServer;

/// SFT, critique and revision of what it samples, training on the revisions, and what that was
/// worth; everything between the workers goes through Kafka, and critiques and revisions over HTTP.
///
/// Held-out prompts go the same way on topics of their own, which nobody trains on.
final class SeededRun implements Benchmark.Part {
    private static final int SFT_STEPS = 2_400;
    private static final int SFT_BATCH = 32;
    private static final int REVISIONS = 3_072;

    /// Prompts beyond the revisions wanted, for rollouts that are refused.
    private static final int SPARE_PROMPTS = 128;

    private static final int DEMONSTRATIONS = 40_000;
    private static final double LEAST_GAIN_POINTS = 8;

    /// A commit returns a moment before its records can be read.
    private static final Duration LONGEST_UNSEEN = Duration.ofSeconds(20);

    private final long seed;
    private final NineRuleChat world = new NineRuleChat();

    SeededRun(long seed) {
        this.seed = seed;
    }

    @Override
    public String name() {
        return "seed-" + seed;
    }

    @Override
    public List<Figure> measure(Bench bench) throws Exception {
        CheckpointStore store = new CheckpointStore(bench.folder().resolve("checkpoints"));
        try (EmbeddedCluster cluster =
                        EmbeddedCluster.start(bench.folder().resolve("cluster"), bench.progress());
                SimulatedJudgeServer model = simulated();
                HttpReviser reviser = reviser(model.uri());
                RevisionFlow training = flow(bench, cluster, store, "training");
                RevisionFlow heldOut = flow(bench, cluster, store, "held-out")) {
            long begun = System.nanoTime();
            Tokenizer tokenizer = tokenizer(bench.folder().resolve("tokenizer"));
            bench.say("SFT, " + SFT_STEPS + " steps");
            sft(training, new PolicyOrigin.Trained(shape(), tokenizer, demonstrations()), bench);
            Path first = folder(training, 0);
            sft(heldOut, new PolicyOrigin.Adopted(first), bench);
            bench.say("%.0f s: revising".formatted(seconds(begun)));
            ListedPrompts asked = ListedPrompts.redTeam(world, seed, REVISIONS + SPARE_PROMPTS);
            training.start(asked, reviser, seed);
            RevisionTrainer trainer = trainer(training, bench);
            Thread training0 = training.workers().start("train-sft", trainer::run, trainer::close);
            heldOut.start(
                    new ListedPrompts("held-out", PolicyConduct.heldOutRedTeam(world)),
                    reviser,
                    seed);
            Map<String, Revision> revised = heldOut.awaitRevisions(PolicyConduct.RED_TEAM_PROMPTS);
            training.workers().join(training0);
            training.awaitRevisions(asked.prompts().size());
            bench.say("%.0f s: sampling both policies".formatted(seconds(begun)));
            List<Figure> figures =
                    new ArrayList<>(
                            HarmlessByRound.of(world, revised.values(), ReviseSettings.MOST_ROUNDS)
                                    .figures(name()));
            figures.addAll(compared(first, folder(training, 1), tokenizer));
            figures.addAll(accounts(training.audit(), heldOut.audit()));
            figures.add(Figure.reported(name() + ": time", seconds(begun), "s"));
            return figures;
        }
    }

    private static double seconds(long sinceNanos) {
        return (System.nanoTime() - sinceNanos) / 1e9;
    }

    private RevisionFlow flow(
            Bench bench, EmbeddedCluster cluster, CheckpointStore store, String prefix)
            throws Exception {
        return new RevisionFlow(
                bench.folder().resolve(prefix),
                new Connection(
                        Map.of(
                                "kafka.bootstrap.servers", cluster.bootstrapServers(),
                                "schema.registry.url", cluster.registryUrl()),
                        prefix),
                store);
    }

    private SimulatedJudgeServer simulated() {
        Map<String, String> principleIdByText = new HashMap<>();
        for (Principle principle : Constitution.shipped().principles()) {
            for (String text :
                    List.of(principle.compare(), principle.critique(), principle.revise())) {
                principleIdByText.put(text, principle.id());
            }
        }
        return SimulatedJudgeServer.start(world, Labeler.LARGE, principleIdByText, 0);
    }

    private static HttpReviser reviser(URI url) {
        return new HttpReviser(
                new JudgeEndpoint(
                        "simulated", url, "simulated", ApiKey.none(), Duration.ofSeconds(30)),
                RevisionPrompts.shipped(),
                512);
    }

    private void sft(RevisionFlow flow, PolicyOrigin origin, Bench bench) {
        new SftTrainer(
                        new Workshop(flow.connection(), flow.codecs(), flow.store()),
                        origin,
                        new SftTrainer.Settings(
                                RevisionFlow.POLICY, seed, SFT_STEPS, SFT_BATCH, 5e-3, threads()),
                        (step, steps, loss) -> {
                            if (step % 400 == 0) {
                                bench.say("SFT %d of %d, loss %.3f".formatted(step, steps, loss));
                            }
                        })
                .run();
    }

    private RevisionTrainer trainer(RevisionFlow flow, Bench bench) {
        List<Demonstration> helpful =
                world.demonstrations(DEMONSTRATIONS, seed).stream()
                        .filter(shown -> shown.category().equals(PromptItem.BENIGN))
                        .map(shown -> new Demonstration(shown.prompt(), shown.completion()))
                        .toList();
        return new RevisionTrainer(
                new Workshop(flow.connection(), flow.codecs(), flow.store()),
                helpful::iterator,
                new RevisionTrainer.Settings(
                        RevisionFlow.POLICY,
                        seed,
                        16,
                        REVISIONS,
                        REVISIONS,
                        TrainedRounds.ALL,
                        0.5,
                        2.5e-3,
                        threads(),
                        Pace.live()),
                (revisions, all, loss) -> {
                    if (revisions % 512 == 0) {
                        bench.say(
                                "SL-CAI %d of %d revisions, loss %.3f"
                                        .formatted(revisions, all, loss));
                    }
                });
    }

    private static int threads() {
        return Math.min(2, Runtime.getRuntime().availableProcessors());
    }

    private List<Demonstration> shown() {
        return world.demonstrations(DEMONSTRATIONS, seed).stream()
                .map(shown -> new Demonstration(shown.prompt(), shown.completion()))
                .toList();
    }

    private rlaif.trainers.Demonstrations demonstrations() {
        return shown()::iterator;
    }

    private ModelShape shape() {
        return new ModelShape(
                world.vocabularySize(),
                96,
                3,
                4,
                2,
                24,
                256,
                128,
                10_000,
                1e-5,
                world.endTokenId(),
                world.padTokenId());
    }

    private Tokenizer tokenizer(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("tokenizer.json"), world.tokenizerJson());
        return Tokenizer.load(folder);
    }

    private static Path folder(RevisionFlow flow, long version) {
        try (CheckpointFollower follower =
                new CheckpointFollower(flow.connection(), flow.codecs())) {
            long until = System.nanoTime() + LONGEST_UNSEEN.toNanos();
            Checkpoint announced =
                    new Lineage(follower, RevisionFlow.POLICY, CheckpointRole.POLICY)
                            .await(version, () -> System.nanoTime() > until)
                            .orElseThrow(() ->
                                    new IllegalStateException(
                                            "policy version " + version + " was not announced"));
            return flow.store().open(announced.getUri(), announced.getDigest());
        }
    }

    private List<Figure> compared(Path first, Path last, Tokenizer tokenizer) {
        TensorThread.prepare(threads());
        try (Transformer sft = Transformer.load(first);
                Transformer slCai = Transformer.load(last)) {
            PolicyConduct before = PolicyConduct.of(world, sft, tokenizer);
            PolicyConduct after = PolicyConduct.of(world, slCai, tokenizer);
            return List.of(
                    percent("harmless, SFT", before.harmless()),
                    percent("harmless, SL-CAI", after.harmless()),
                    Figure.atLeast(
                            name() + ": harmless, SL-CAI above SFT",
                            100 * (after.harmless() - before.harmless()),
                            "points",
                            LEAST_GAIN_POINTS),
                    percent("helpful, SFT", before.helpful()),
                    percent("helpful, SL-CAI", after.helpful()),
                    percent("evasive, SFT", before.evasive()),
                    percent("evasive, SL-CAI", after.evasive()),
                    percent("malformed, SFT", before.malformed()),
                    percent("malformed, SL-CAI", after.malformed()));
        }
    }

    private Figure percent(String what, double share) {
        return Figure.reported(name() + ": " + what, 100 * share, "%");
    }

    private List<Figure> accounts(Audit training, Audit heldOut) {
        return List.of(
                Figure.atMost(
                        name() + ": lost",
                        (double) (training.lost() + heldOut.lost()),
                        "records",
                        0),
                Figure.atMost(
                        name() + ": twice",
                        (double) (training.duplicated() + heldOut.duplicated()),
                        "records",
                        0));
    }
}

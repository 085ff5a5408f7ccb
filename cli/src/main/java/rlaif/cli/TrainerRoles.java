package rlaif.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;
import java.util.function.Function;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.Key;
import rlaif.models.ModelFolderException;
import rlaif.models.ModelShape;
import rlaif.models.PaddingStandIn;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;
import rlaif.trainers.Demonstrations;
import rlaif.trainers.DpoTrainer;
import rlaif.trainers.Footprint;
import rlaif.trainers.PolicyOrigin;
import rlaif.trainers.PpoTrainer;
import rlaif.trainers.RevisionTrainer;
import rlaif.trainers.RewardModelTrainer;
import rlaif.trainers.SftTrainer;
import rlaif.trainers.Workshop;
import rlaif.trainers.loop.Retention;
import rlaif.worlds.PracticeWorld;

/// The trainers, as the configuration has them.
final class TrainerRoles {
    private final Configuration configuration;
    private final TrainerSettings settings;
    private final RevisionSettings revisions;

    TrainerRoles(Configuration configuration) {
        this.configuration = configuration;
        this.settings = new TrainerSettings(configuration);
        this.revisions = new RevisionSettings(configuration);
    }

    /// What a trainer works with, once a deployment is open.
    private Function<Deployment, Workshop> workshop() {
        Footprint footprint = settings.footprint();
        Retention retention = settings.retention();
        return deployment ->
                new Workshop(
                        deployment.connection(),
                        deployment.codecs(),
                        deployment.checkpoints(),
                        footprint,
                        retention);
    }

    /// The first policy, and where SL-CAI is wanted, its training on revisions.
    PreparedRole sft() {
        Function<Deployment, Workshop> workshop = workshop();
        Function<Deployment, PolicyOrigin> origin = origin();
        SftTrainer.Settings told = Roles.checked(settings::sft);
        int everySteps = configuration.whole(Key.SFT_STEPS_PER_CHECKPOINT, 0);
        Optional<Refinement> refinement =
                revisions.slCai()
                        ? Optional.of(new Refinement(revisions.trainer(), helpful()))
                        : Optional.empty();
        requireModel(configuration);
        return session -> {
            Deployment deployment = session.deployment();
            SftTrainer made =
                    Roles.checked(() ->
                            new SftTrainer(
                                    workshop.apply(deployment),
                                    origin.apply(deployment),
                                    told,
                                    session.sftProgress()));
            SftTrainer first =
                    everySteps == 0
                            ? made
                            : made.resumable(deployment.folder("state/sft"), everySteps);
            Optional<RevisionTrainer> onRevisions =
                    refinement.map(chosen ->
                            new RevisionTrainer(
                                    workshop.apply(deployment),
                                    chosen.helpful(),
                                    chosen.told(),
                                    session.slCai()));
            session.start(
                    Roles.TRAIN_SFT,
                    () -> {
                        first.run();
                        onRevisions.ifPresent(RevisionTrainer::run);
                    },
                    () -> {
                        first.close();
                        onRevisions.ifPresent(RevisionTrainer::close);
                    });
        };
    }

    /// SFT on revisions.
    private record Refinement(RevisionTrainer.Settings told, Demonstrations helpful) {}

    private Demonstrations helpful() {
        if (configuration.given(Key.SL_CAI_HELPFUL_FILE).isPresent()) {
            return demonstrations(Key.SL_CAI_HELPFUL_FILE);
        }
        if (configuration.text(Key.POLICY_MODEL).equals(Worlds.WORLD)) {
            return Worlds.helpful(Worlds.named(configuration), configuration.seed());
        }
        if (revisions.trainer().helpfulShare() > 0) {
            throw configuration.wrong(
                    Key.SL_CAI_HELPFUL_FILE,
                    "a JSONL file, or set " + Key.SL_CAI_HELPFUL_SHARE.key() + ": 0");
        }
        return Collections::emptyIterator;
    }

    private DemonstrationFile demonstrations(Key key) {
        return new DemonstrationFile(key, configuration.file(key));
    }

    private Function<Deployment, PolicyOrigin> origin() {
        boolean demonstrated = configuration.given(Key.SFT_DEMONSTRATIONS).isPresent();
        if (configuration.text(Key.POLICY_MODEL).equals(Worlds.WORLD)) {
            if (demonstrated) {
                throw configuration.wrong(
                        Key.SFT_DEMONSTRATIONS,
                        "left out with "
                                + Key.POLICY_MODEL.key()
                                + ": world, which has demonstrations of its own");
            }
            PracticeWorld world = Worlds.named(configuration);
            long seed = configuration.seed();
            return deployment -> Worlds.origin(world, seed, deployment.folder("state/world"));
        }
        Path folder = modelFolder(configuration);
        PolicyOrigin origin =
                demonstrated
                        ? new PolicyOrigin.FineTuned(folder, demonstrations(Key.SFT_DEMONSTRATIONS))
                        : new PolicyOrigin.Adopted(folder);
        return _ -> origin;
    }

    /// The folder of a policy that is not the practice world's.
    static Path modelFolder(Configuration configuration) {
        Path folder = configuration.path(Key.POLICY_MODEL);
        if (Files.isDirectory(folder)) {
            return folder;
        }
        throw configuration.wrong(
                Key.POLICY_MODEL,
                "world, or a Hugging Face folder; there is no folder of that name");
    }

    /// Refuses a `policy.model` that cannot become a policy, as far as that shows without its
    /// weights: its kind, its tensors, its tokenizer.
    ///
    /// @throws ModelFolderException naming the file that is wrong
    private static void requireModel(Configuration configuration) {
        if (configuration.text(Key.POLICY_MODEL).equals(Worlds.WORLD)) {
            return;
        }
        Path folder = modelFolder(configuration);
        ModelShape shape = Transformer.shapeOf(folder);
        try (Tokenizer tokenizer = Tokenizer.load(folder)) {
            Roles.checked(
                    Key.POLICY_MODEL,
                    () -> {
                        PolicyOrigin.requireFit(tokenizer, shape, folder.toString());
                        return tokenizer;
                    });
        }
    }

    /// What pads in place of an end token of a `policy.model`; empty: its own padding, or a folder
    /// that cannot be read, which matters to those alone that read it.
    static Optional<String> padding(Configuration configuration) {
        String model = configuration.text(Key.POLICY_MODEL);
        if (model.equals(Worlds.WORLD)) {
            return Optional.empty();
        }
        try {
            return PaddingStandIn.in(configuration.path(Key.POLICY_MODEL))
                    .map(told -> "warning: " + told.text());
        } catch (ModelFolderException unreadable) {
            return Optional.empty();
        }
    }

    PreparedRole rewardModel() {
        Function<Deployment, Workshop> workshop = workshop();
        RewardModelTrainer.Settings told = Roles.checked(settings::rewardModel);
        return session -> {
            RewardModelTrainer trainer =
                    new RewardModelTrainer(workshop.apply(session.deployment()), told);
            session.start(Roles.TRAIN_REWARD_MODEL, trainer::run, trainer::close);
        };
    }

    PreparedRole dpo() {
        Function<Deployment, Workshop> workshop = workshop();
        DpoTrainer.Settings told = settings.dpo();
        return session -> {
            DpoTrainer trainer = new DpoTrainer(workshop.apply(session.deployment()), told);
            session.start(Roles.TRAIN_DPO, trainer::run, trainer::close);
        };
    }

    PreparedRole ppo() {
        Function<Deployment, Workshop> workshop = workshop();
        PpoTrainer.Settings told = settings.ppo();
        return session -> {
            PpoTrainer trainer = new PpoTrainer(workshop.apply(session.deployment()), told);
            session.start(Roles.TRAIN_PPO, trainer::run, trainer::close);
        };
    }
}

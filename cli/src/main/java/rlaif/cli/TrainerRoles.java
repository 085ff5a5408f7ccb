package rlaif.cli;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.Key;
import rlaif.trainers.Demonstrations;
import rlaif.trainers.DpoTrainer;
import rlaif.trainers.PolicyOrigin;
import rlaif.trainers.PpoTrainer;
import rlaif.trainers.RevisionTrainer;
import rlaif.trainers.RewardModelTrainer;
import rlaif.trainers.SftTrainer;
import rlaif.worlds.PracticeWorld;

/// The trainers, made from a deployment's configuration.
final class TrainerRoles {
    private final Deployment deployment;
    private final Configuration configuration;
    private final TrainerSettings settings;
    private final RevisionSettings revisions;

    TrainerRoles(Deployment deployment) {
        this.deployment = deployment;
        this.configuration = deployment.configuration();
        this.settings = new TrainerSettings(configuration);
        this.revisions = new RevisionSettings(configuration);
    }

    SftTrainer sft(SftTrainer.Progress progress) {
        return Roles.checked(() ->
                new SftTrainer(
                        deployment.connection(),
                        deployment.codecs(),
                        deployment.checkpoints(),
                        origin(),
                        settings.sft(),
                        settings.microBatching(),
                        progress));
    }

    /// SFT on revisions; empty: it is not part of the loop.
    Optional<RevisionTrainer> slCai(RevisionTrainer.Progress progress) {
        if (!revisions.slCai()) {
            return Optional.empty();
        }
        return Optional.of(
                Roles.checked(() ->
                        new RevisionTrainer(
                                        deployment.connection(),
                                        deployment.codecs(),
                                        deployment.checkpoints(),
                                        helpful(),
                                        revisions.trainer(),
                                        settings.footprint(),
                                        progress)
                                .keeping(settings.retention())));
    }

    private Demonstrations helpful() {
        Optional<String> file = configuration.given(Key.SL_CAI_HELPFUL_FILE);
        if (file.isPresent()) {
            return new HelpfulFile(Path.of(file.get()));
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

    private PolicyOrigin origin() {
        String model = configuration.text(Key.POLICY_MODEL);
        if (model.equals(Worlds.WORLD)) {
            PracticeWorld world = Worlds.named(configuration);
            return Worlds.origin(world, configuration.seed(), deployment.folder("state/world"));
        }
        return new PolicyOrigin.Adopted(Path.of(model));
    }

    RewardModelTrainer rewardModel() {
        return Roles.checked(() ->
                new RewardModelTrainer(
                                deployment.connection(),
                                deployment.codecs(),
                                deployment.checkpoints(),
                                settings.rewardModel(),
                                settings.footprint())
                        .keeping(settings.retention()));
    }

    DpoTrainer dpo() {
        return Roles.checked(() ->
                new DpoTrainer(
                                deployment.connection(),
                                deployment.codecs(),
                                deployment.checkpoints(),
                                settings.dpo(),
                                settings.footprint())
                        .keeping(settings.retention()));
    }

    PpoTrainer ppo() {
        return Roles.checked(() ->
                new PpoTrainer(
                                deployment.connection(),
                                deployment.codecs(),
                                deployment.checkpoints(),
                                settings.ppo(),
                                settings.footprint())
                        .keeping(settings.retention()));
    }
}

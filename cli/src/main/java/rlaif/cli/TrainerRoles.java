package rlaif.cli;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.Key;
import rlaif.models.ModelFolderException;
import rlaif.models.PaddingStandIn;
import rlaif.trainers.Demonstrations;
import rlaif.trainers.DpoTrainer;
import rlaif.trainers.PolicyOrigin;
import rlaif.trainers.PpoTrainer;
import rlaif.trainers.RevisionTrainer;
import rlaif.trainers.RewardModelTrainer;
import rlaif.trainers.SftTrainer;
import rlaif.trainers.Workshop;
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

    private Workshop workshop() {
        return new Workshop(
                deployment.connection(),
                deployment.codecs(),
                deployment.checkpoints(),
                settings.footprint(),
                settings.retention());
    }

    SftTrainer sft(SftTrainer.Progress progress) {
        int everySteps = configuration.whole(Key.SFT_STEPS_PER_CHECKPOINT, 0);
        SftTrainer trainer =
                Roles.checked(() -> new SftTrainer(workshop(), origin(), settings.sft(), progress));
        return everySteps == 0
                ? trainer
                : trainer.resumable(deployment.folder("state/sft"), everySteps);
    }

    /// SFT on revisions; empty: it is not part of the loop.
    Optional<RevisionTrainer> slCai(RevisionTrainer.Progress progress) {
        if (!revisions.slCai()) {
            return Optional.empty();
        }
        return Optional.of(
                Roles.checked(() ->
                        new RevisionTrainer(workshop(), helpful(), revisions.trainer(), progress)));
    }

    private Demonstrations helpful() {
        Optional<String> file = configuration.given(Key.SL_CAI_HELPFUL_FILE);
        if (file.isPresent()) {
            return new DemonstrationFile(Key.SL_CAI_HELPFUL_FILE, Path.of(file.get()));
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
        Optional<String> demonstrations = configuration.given(Key.SFT_DEMONSTRATIONS);
        if (model.equals(Worlds.WORLD)) {
            if (demonstrations.isPresent()) {
                throw configuration.wrong(
                        Key.SFT_DEMONSTRATIONS,
                        "left out with "
                                + Key.POLICY_MODEL.key()
                                + ": world, which has demonstrations of its own");
            }
            PracticeWorld world = Worlds.named(configuration);
            return Worlds.origin(world, configuration.seed(), deployment.folder("state/world"));
        }
        Path folder = Path.of(model);
        return demonstrations
                .<PolicyOrigin>map(file ->
                        new PolicyOrigin.FineTuned(
                                folder,
                                new DemonstrationFile(Key.SFT_DEMONSTRATIONS, Path.of(file))))
                .orElseGet(() -> new PolicyOrigin.Adopted(folder));
    }

    /// What pads in place of an end token of a `policy.model`; empty: its own padding, or a folder
    /// that cannot be read, which matters to those alone that read it.
    static Optional<String> padding(Configuration configuration) {
        String model = configuration.text(Key.POLICY_MODEL);
        if (model.equals(Worlds.WORLD)) {
            return Optional.empty();
        }
        try {
            return PaddingStandIn.in(Path.of(model)).map(told -> "warning: " + told.text());
        } catch (ModelFolderException unreadable) {
            return Optional.empty();
        }
    }

    RewardModelTrainer rewardModel() {
        return Roles.checked(() -> new RewardModelTrainer(workshop(), settings.rewardModel()));
    }

    DpoTrainer dpo() {
        return Roles.checked(() -> new DpoTrainer(workshop(), settings.dpo()));
    }

    PpoTrainer ppo() {
        return Roles.checked(() -> new PpoTrainer(workshop(), settings.ppo()));
    }
}

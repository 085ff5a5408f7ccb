package rlaif.cli;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.Key;
import rlaif.processors.ReviseSettings;
import rlaif.processors.RevisionSelection;
import rlaif.trainers.RevisionTrainer;
import rlaif.trainers.TrainedRounds;
import rlaif.trainers.loop.Pace;

/// What critique, revision and SFT on revisions are told, read from the configuration.
record RevisionSettings(Configuration configuration) {
    /// Whether SFT on revisions comes before reinforcement learning.
    boolean slCai() {
        return configuration.flag(Key.SL_CAI_ENABLED);
    }

    /// The policy version that reinforcement learning starts from.
    long referenceVersion() {
        return slCai() ? trainer().lastVersion() : 0;
    }

    /// With SL-CAI only what its unfinished policy samples, else whatever is sampled.
    RevisionSelection selection() {
        return Roles.checked(() ->
                new RevisionSelection(
                        configuration.whole(Key.REVISE_ROLLOUTS_PER_GROUP, 1),
                        categories(),
                        slCai() ? referenceVersion() : RevisionSelection.ANY_POLICY_VERSION));
    }

    private Set<String> categories() {
        return Arrays.stream(configuration.text(Key.REVISE_CATEGORIES).split(",", -1))
                .map(String::strip)
                .filter(category -> !category.isEmpty())
                .collect(Collectors.toSet());
    }

    ReviseSettings revise(String constitutionId) {
        return new ReviseSettings(
                constitutionId,
                configuration.seed(),
                configuration.whole(Key.REVISE_ROUNDS, 1, ReviseSettings.MOST_ROUNDS),
                selection(),
                new JudgeSettings(configuration).reviserCalls());
    }

    RevisionTrainer.Settings trainer() {
        int revisions = configuration.whole(Key.SL_CAI_REVISIONS, 1);
        int perCheckpoint = configuration.whole(Key.SL_CAI_PER_CHECKPOINT, 0);
        return Roles.checked(() ->
                new RevisionTrainer.Settings(
                        configuration.name(Key.POLICY_NAME),
                        configuration.seed(),
                        configuration.whole(Key.SL_CAI_BATCH, 1),
                        revisions,
                        perCheckpoint == 0 ? revisions : perCheckpoint,
                        rounds(),
                        configuration.number(Key.SL_CAI_HELPFUL_SHARE, 0),
                        new LearningRates(configuration).of(Key.SL_CAI_LEARNING_RATE),
                        Math.min(
                                new TensorThreads(configuration).of(Key.SFT_THREADS),
                                Runtime.getRuntime().availableProcessors()),
                        configuration.flag(Key.TRAINERS_DETERMINISTIC)
                                ? Pace.deterministic()
                                : Pace.live()));
    }

    private TrainedRounds rounds() {
        return switch (configuration.text(Key.SL_CAI_ROUNDS)) {
            case "all" -> TrainedRounds.ALL;
            case "last" -> TrainedRounds.LAST;
            default -> throw configuration.wrong(Key.SL_CAI_ROUNDS, "all or last");
        };
    }
}

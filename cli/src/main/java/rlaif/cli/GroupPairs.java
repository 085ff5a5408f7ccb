package rlaif.cli;

import java.time.Duration;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.Key;
import rlaif.processors.PairingSettings;

/// How many pairs a group of rollouts gives, read from the configuration.
record GroupPairs(Configuration configuration) {
    private int all() {
        int groupSize = new TrainerSettings(configuration).groupSize();
        return groupSize * (groupSize - 1) / 2;
    }

    /// Pairs of each group.
    int count() {
        int drawn = configuration.whole(Key.PAIRING_PAIRS_PER_GROUP, 0);
        return drawn == 0 ? all() : Math.min(drawn, all());
    }

    /// What the pairing processor is told.
    PairingSettings pairing() {
        return new PairingSettings(
                count() == all() ? 0 : count(),
                Duration.ofSeconds(configuration.whole(Key.PAIRING_TIMEOUT_SECONDS, 1)));
    }
}

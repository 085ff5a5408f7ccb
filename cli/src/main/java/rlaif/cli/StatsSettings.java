package rlaif.cli;

import java.nio.file.Path;
import java.time.Duration;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.Key;
import rlaif.processors.LabelStatsSettings;
import rlaif.processors.LabelStatsStage;
import rlaif.processors.StreamsSettings;

/// How labels are counted, read from the configuration.
record StatsSettings(Configuration configuration) {
    /// Nobody waits for a count as for a label.
    private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(1);

    LabelStatsStage.Settings stage(Path stateDirectory) {
        LabelStatsSettings usual = LabelStatsSettings.DEFAULT;
        return Roles.checked(() ->
                new LabelStatsStage.Settings(
                        new LabelStatsSettings(
                                seconds(Key.LABEL_STATS_WINDOW_SECONDS, 1),
                                seconds(Key.LABEL_STATS_GRACE_SECONDS, 0),
                                usual.emit(),
                                configuration.whole(Key.LABEL_STATS_REFERENCE, 1),
                                Duration.ofDays(
                                        configuration.whole(Key.LABEL_STATS_PEOPLE_DAYS, 1)),
                                configuration.number(Key.JUDGE_CANARY_LIMIT, 0, 1)),
                        new StreamsSettings(stateDirectory, COMMIT_INTERVAL, 1)));
    }

    private Duration seconds(Key key, int least) {
        return Duration.ofSeconds(configuration.whole(key, least));
    }
}

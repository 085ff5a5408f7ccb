package rlaif.cli;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.Key;

/// Options of the commands that train.
final class TrainingOptions {
    @Option(
            names = "--deterministic",
            description =
                    "The same log gives the same batches and checkpoints (two runs of a loop write two logs); the same as -X trainers.deterministic=true.")
    private boolean deterministic;

    @Option(
            names = "--tensorboard",
            paramLabel = "DIR",
            description = "Write TensorBoard event files; the same as -X tensorboard.dir=DIR.")
    @Nullable Path tensorboard;

    /// The configuration of `common` with these over it.
    Configuration over(CommonOptions common) {
        return over(common, Map.of());
    }

    /// The same, with `preset` under whatever is set elsewhere.
    Configuration over(CommonOptions common, Map<String, String> preset) {
        if (deterministic) {
            common.settings.put(Key.TRAINERS_DETERMINISTIC.key(), "true");
        }
        if (tensorboard != null) {
            common.settings.put(Key.TENSORBOARD_DIR.key(), tensorboard.toString());
        }
        return common.configuration(preset);
    }
}

package rlaif.cluster;

import java.nio.file.Path;
import org.apache.kafka.common.utils.Exit;
import org.jspecify.annotations.Nullable;

/// What happens when the broker gives up, most often because its disk is full: it ends its JVM by
/// itself, without a word and without running what was to be run at the end.
///
/// Nothing is closed in order then. Every client would wait its longest for a broker that is gone,
/// and a broker whose disk fails may never end its own shutdown. Nothing is lost by it: what was
/// not committed never happened, as after a kill.
final class BrokerDeath {
    /// A dependency does not serve.
    private static final int EXIT_CODE = 4;

    private static final long BYTES_PER_MEGABYTE = 1_000_000;

    private BrokerDeath() {}

    /// Has the JVM end with a reason, after `last`, whenever the broker would end it.
    static void announce(Path directory, Runnable last) {
        Exit.Procedure announced = (_, message) -> end(directory, message, last);
        Exit.setHaltProcedure(announced);
        Exit.setExitProcedure(announced);
    }

    private static void end(Path directory, @Nullable String message, Runnable last) {
        System.err.printf(
                "rlaif: the Kafka broker on %s gave up%s; %d MB are free there%n",
                directory,
                message == null ? "" : ": " + message,
                directory.toFile().getUsableSpace() / BYTES_PER_MEGABYTE);
        last.run();
        AbruptExit.exit(EXIT_CODE); // halt runs exit handlers under threads at their tensors
    }

    /// Back to Kafka's own way.
    static void forget() {
        Exit.resetHaltProcedure();
        Exit.resetExitProcedure();
    }
}

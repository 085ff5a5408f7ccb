package rlaif.cli;

import java.io.Console;
import java.util.Objects;

/// Whether a person sits at the other end of stdin and stdout.
final class Terminal {
    private Terminal() {}

    static boolean isThere() {
        Console console =
                Objects.requireNonNull(System.console(), "JDK 22 and newer always give one");
        return console.isTerminal();
    }

    /// Whether it can be drawn on.
    static boolean canDraw() {
        return isThere()
                && System.getenv("NO_COLOR") == null
                && !"dumb".equals(System.getenv("TERM"));
    }
}

package rlaif.cli;

import java.io.Console;

/// Whether a person sits at the other end of stdin and stdout.
final class Terminal {
    private Terminal() {}

    @SuppressWarnings("SystemConsoleNull") // from JDK 25 on it is null again without a terminal
    static boolean isThere() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /// Whether it can be drawn on.
    static boolean canDraw() {
        return isThere()
                && System.getenv("NO_COLOR") == null
                && !"dumb".equals(System.getenv("TERM"));
    }
}

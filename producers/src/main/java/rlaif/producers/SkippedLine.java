package rlaif.producers;

import java.nio.file.Path;

/// A line of a file that gives no prompt, and why.
///
/// @param line from 1
public record SkippedLine(Path file, long line, String reason) {

    /// The file, the line and the reason in one sentence.
    public String message() {
        return "%s line %d skipped: %s".formatted(file, line, reason);
    }
}

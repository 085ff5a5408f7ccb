package rlaif.trainers.loop;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What is committed beside a trainer's positions: whose they are.
///
/// @param version newest announced when they were committed; -1: none
record PositionNote(String policy, long version) {
    private static final Pattern TEXT = Pattern.compile("version (-?\\d{1,18}) of policy (.+)");

    /// The note in a position's metadata; empty: somebody else has committed the position.
    static Optional<PositionNote> of(String metadata) {
        Matcher written = TEXT.matcher(metadata);
        return written.matches()
                ? Optional.of(new PositionNote(written.group(2), Long.parseLong(written.group(1))))
                : Optional.empty();
    }

    String metadata() {
        return "version %d of policy %s".formatted(version, policy);
    }
}

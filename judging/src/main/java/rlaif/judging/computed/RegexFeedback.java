package rlaif.judging.computed;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Worth by a regular expression that is searched for in the completion, for a bounded time: a
/// pattern that backtracks without end on a hostile completion is a refusal.
public final class RegexFeedback implements Feedback {
    /// What a match is worth.
    public enum Wanted {
        /// Worth = number of matches.
        COUNT,
        /// Worth = 1 with a match, else 0.
        PRESENT,
        /// Worth = 0 with a match, else 1.
        ABSENT
    }

    private final Pattern pattern;
    private final Wanted wanted;
    private final Duration deadline;

    /// @param deadline most time that one completion may take
    public RegexFeedback(String pattern, Wanted wanted, Duration deadline) {
        try {
            this.pattern = Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "'%s' is no regular expression: %s at character %d"
                            .formatted(pattern, e.getDescription(), e.getIndex()),
                    e);
        }
        if (deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException("deadline must be above 0, got " + deadline);
        }
        this.wanted = wanted;
        this.deadline = deadline;
    }

    @Override
    public String name() {
        return "regex";
    }

    @Override
    public String settings() {
        return switch (wanted) {
                    case COUNT -> "count ";
                    case PRESENT -> "present ";
                    case ABSENT -> "absent ";
                }
                + pattern.pattern();
    }

    @Override
    public Worth of(String prompt, String completion) {
        TimedText text = new TimedText(completion, System.nanoTime() + deadline.toNanos());
        Matcher matcher = pattern.matcher(text);
        try {
            return switch (wanted) {
                case COUNT -> new Worth.Value(count(matcher));
                case PRESENT -> new Worth.Value(matcher.find() ? 1 : 0);
                case ABSENT -> new Worth.Value(matcher.find() ? 0 : 1);
            };
        } catch (TimedText.OutOfTime e) {
            return new Worth.Refused(
                    "the regular expression found no end within %d ms on %d characters"
                            .formatted(deadline.toMillis(), completion.length()));
        } catch (StackOverflowError e) {
            return new Worth.Refused(
                    "the regular expression nests too deeply on %d characters"
                            .formatted(completion.length()));
        }
    }

    private static int count(Matcher matcher) {
        int count = 0;
        while (matcher.find()) {
            count++;
        }
        return count;
    }
}

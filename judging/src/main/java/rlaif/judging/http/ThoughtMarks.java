package rlaif.judging.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The marks between which reasoning models think, where a server leaves the thought in the text:
/// `<think>`, `[THINK]`, and gpt-oss's channels.
final class ThoughtMarks {
    private static final String NAMES = "(?:think|thinking|thought|reasoning)";

    /// After which the text begins.
    private static final Pattern END =
            Pattern.compile(
                    "</" + NAMES + ">|\\[/THINK]|<\\|channel\\|>\\s*final\\s*<\\|message\\|>",
                    Pattern.CASE_INSENSITIVE);

    private static final Pattern START =
            Pattern.compile(
                    "<" + NAMES + ">|\\[THINK]|<\\|channel\\|>\\s*(?:analysis|commentary)\\b",
                    Pattern.CASE_INSENSITIVE);

    private ThoughtMarks() {}

    /// A text in two.
    ///
    /// @param reasoning empty: there are no marks
    /// @param text empty: nothing was said, or the thought has no end
    record Parts(String reasoning, String text) {}

    /// Everything up to the last end of a thought is reasoning: the chat template may have written
    /// its start. So is everything where a thought begins and does not end.
    static Parts apart(String whole) {
        int end = 0; // of the last thought
        int closed = 0; // where the mark of its end begins
        Matcher ends = END.matcher(whole);
        while (ends.find()) {
            closed = ends.start();
            end = ends.end();
        }
        if (START.matcher(whole).region(end, whole.length()).find()) {
            return new Parts(whole, "");
        }
        return new Parts(whole.substring(0, closed), whole.substring(end));
    }
}

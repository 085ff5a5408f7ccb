package rlaif.judging.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The label that ends a reply: the last line of its text that is not blank must be one label and
/// nothing else but brackets and punctuation. A label in a sentence is none, and a reply that was
/// cut has none: its "1." may have been about to go on.
final class LabelText {
    private static final String AROUND = "[\\s()\\[\\]{}<>\"'`*_.,:;!#«»“”‘’]{0,16}";

    /// 1 or 2.
    static final LabelText COMPARISON = new LabelText("[12]");

    /// 1 to 10.
    static final LabelText SCORE = new LabelText("10|[1-9]");

    private final Pattern line;

    private LabelText(String label) {
        this.line = Pattern.compile(AROUND + "(" + label + ")" + AROUND);
    }

    /// Empty: the reply ends in no label.
    Optional<String> in(ReplyChoice reply) {
        if (reply.isCut()) {
            return Optional.empty();
        }
        String stripped = reply.text().strip();
        int start = Math.max(stripped.lastIndexOf('\n'), stripped.lastIndexOf('\r')) + 1;
        Matcher last = line.matcher(stripped.substring(start));
        return last.matches() ? Optional.of(last.group(1)) : Optional.empty();
    }
}

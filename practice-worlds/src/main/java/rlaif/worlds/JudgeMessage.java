package rlaif.worlds;

import java.util.List;

/// The message that a judge is sent, read back.
///
/// Each part stands between `<name NONCE>` and `</name NONCE>` on lines of their own; the nonce
/// keeps a completion from closing its own part. The last line behind the parts says what is
/// wanted.
final class JudgeMessage {
    private static final String COMPARE = "Answer with 1 or 2 and nothing else.";
    private static final String SCORE = "Answer with a number from 1 to 10 and nothing else.";
    private static final String RATIONALE = "Think step by step, then stop before the answer.";
    private static final String CRITIQUE = "Write the critique and nothing else.";
    private static final String REVISION = "Write the revised completion and nothing else.";
    private static final List<String> WANTS =
            List.of(COMPARE, SCORE, RATIONALE, CRITIQUE, REVISION);

    private static final String OPENING = "<conversation ";
    private static final int NONCE_LENGTH = 12;

    private final String text;
    private final String nonce;

    private JudgeMessage(String text) {
        int start = text.indexOf(OPENING) + OPENING.length();
        int end = start + NONCE_LENGTH;
        if (start < OPENING.length() || end >= text.length() || text.charAt(end) != '>') {
            throw new RefusedRequestException(
                    400, "the message has no <conversation NONCE> with a nonce of 12 characters");
        }
        this.text = text;
        this.nonce = text.substring(start, end);
    }

    /// The task of a conversation whose last turn is the user's: its parts stand in the last turn
    /// that has any, and its last turn says what is wanted.
    static JudgeTask read(List<ChatTurn> turns) {
        String asked = turns.getLast().text();
        String parts = asked;
        boolean reasoned = false;
        for (ChatTurn turn : turns) {
            reasoned |= turn.role().equals(ChatTurn.ASSISTANT);
            if (turn.role().equals(ChatTurn.USER) && turn.text().contains(OPENING)) {
                parts = turn.text();
            }
        }
        return new JudgeMessage(parts).task(asked, reasoned);
    }

    private JudgeTask task(String asked, boolean reasoned) {
        return switch (wanted(asked)) {
            case SCORE ->
                    new JudgeTask.Score(
                            part("conversation"),
                            part("completion"),
                            has("principle") ? part("principle") : "");
            case RATIONALE ->
                    new JudgeTask.Rationale(
                            part("conversation"),
                            part("completion 1"),
                            part("completion 2"),
                            part("principle"));
            case CRITIQUE ->
                    new JudgeTask.Critique(
                            part("conversation"), part("completion"), part("principle"));
            case REVISION ->
                    new JudgeTask.Revision(
                            part("conversation"),
                            part("completion"),
                            part("critique"),
                            part("principle"));
            default -> // a template of the user's may ask for the verdict in words of its own
                    new JudgeTask.Compare(
                            part("conversation"),
                            part("completion 1"),
                            part("completion 2"),
                            part("principle"),
                            reasoned || has("rationale"));
        };
    }

    /// The fixed line that stands last behind the parts; empty where there is none.
    private String wanted(String asked) {
        int from = Math.max(0, asked.lastIndexOf(" " + nonce + ">"));
        String last = "";
        for (String want : WANTS) {
            int at = asked.lastIndexOf(want);
            if (at >= from) {
                from = at;
                last = want;
            }
        }
        return last;
    }

    private boolean has(String name) {
        return text.contains(opening(name));
    }

    private String part(String name) {
        String closing = "</" + name + " " + nonce + ">";
        int start = text.indexOf(opening(name)) + opening(name).length();
        int end = text.indexOf(closing, start);
        if (start < opening(name).length() || end < 0) {
            throw new RefusedRequestException(
                    400, "the message has no part " + opening(name) + " ... " + closing);
        }
        return text.substring(start, end).strip();
    }

    private String opening(String name) {
        return "<" + name + " " + nonce + ">";
    }
}

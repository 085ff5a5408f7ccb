package rlaif.worlds;

/// The judge's prompt, read back from the message it was sent in.
///
/// Each part stands between `<name NONCE>` and `</name NONCE>` on lines of their own; the nonce
/// keeps a completion from closing its own part.
///
/// @param conversation the prompt that the policy was asked
/// @param first completion shown first
/// @param second completion shown second
/// @param principle compare text of the principle to judge by
record JudgePrompt(String conversation, String first, String second, String principle) {
    private static final String OPENING = "<conversation ";
    private static final int NONCE_LENGTH = 12;

    static JudgePrompt read(String message) {
        int start = message.indexOf(OPENING) + OPENING.length();
        int end = start + NONCE_LENGTH;
        if (start < OPENING.length() || end >= message.length() || message.charAt(end) != '>') {
            throw new RefusedRequestException(
                    400, "the message has no <conversation NONCE> with a nonce of 12 characters");
        }
        String nonce = message.substring(start, end);
        return new JudgePrompt(
                part("conversation", nonce, message),
                part("completion 1", nonce, message),
                part("completion 2", nonce, message),
                part("principle", nonce, message));
    }

    private static String part(String name, String nonce, String message) {
        String opening = "<" + name + " " + nonce + ">";
        String closing = "</" + name + " " + nonce + ">";
        int start = message.indexOf(opening) + opening.length();
        int end = message.indexOf(closing, start);
        if (start < opening.length() || end < 0) {
            throw new RefusedRequestException(
                    400, "the message has no part " + opening + " ... " + closing);
        }
        return message.substring(start, end).strip();
    }
}

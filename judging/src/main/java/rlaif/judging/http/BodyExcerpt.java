package rlaif.judging.http;

/// The start of a body on one line, for an error message.
final class BodyExcerpt {
    private static final int MAX_CHARACTERS = 200;

    private BodyExcerpt() {}

    static String of(String body) {
        String line =
                body.substring(0, Math.min(body.length(), MAX_CHARACTERS))
                        .replaceAll("[\\s\\p{Cc}]+", " ")
                        .strip();
        if (line.isEmpty()) {
            return "(empty)";
        }
        return body.length() > MAX_CHARACTERS ? line + " ..." : line;
    }
}

package rlaif.cli;

/// Text that a terminal shows and does not obey.
final class Printable {
    private Printable() {}

    /// The text on one line, control characters replaced.
    static String of(String text) {
        return text.replaceAll("\\s+", " ").replaceAll("\\p{Cntrl}", "\uFFFD");
    }

    /// The same with its lines kept.
    static String lines(String text) {
        return text.replace("\r\n", "\n").replaceAll("[\\p{Cntrl}&&[^\n\t]]", "\uFFFD");
    }
}

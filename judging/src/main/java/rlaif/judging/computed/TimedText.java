package rlaif.judging.computed;

/// A text that can be read until a moment: the only way to stop a regular expression.
final class TimedText implements CharSequence {
    private static final int READS_BETWEEN_LOOKS = 1 << 10; // at the clock

    /// The moment has gone by.
    static final class OutOfTime extends RuntimeException {
        private static final long serialVersionUID = 1;

        OutOfTime() {
            super("out of time", null, false, false);
        }
    }

    private final CharSequence text;
    private final long endNanos; // of System.nanoTime
    private int reads;

    TimedText(CharSequence text, long endNanos) {
        this.text = text;
        this.endNanos = endNanos;
    }

    @Override
    public char charAt(int index) {
        if (++reads % READS_BETWEEN_LOOKS == 0 && System.nanoTime() - endNanos > 0) {
            throw new OutOfTime();
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return new TimedText(text.subSequence(start, end), endNanos);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}

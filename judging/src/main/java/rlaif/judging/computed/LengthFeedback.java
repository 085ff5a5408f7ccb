package rlaif.judging.computed;

/// Worth by length in words, which are what white space separates.
///
/// @param target words of the best length; only used by {@link Wanted#TARGET}
public record LengthFeedback(Wanted wanted, int target) implements Feedback {
    /// Which length is better.
    public enum Wanted {
        /// Worth = minus the words.
        SHORTER,
        /// Worth = the words.
        LONGER,
        /// Worth = minus the distance from the target, in words.
        TARGET
    }

    public LengthFeedback {
        if (target < 0) {
            throw new IllegalArgumentException("target must be at least 0 words, got " + target);
        }
    }

    @Override
    public String name() {
        return "length";
    }

    @Override
    public String settings() {
        return switch (wanted) {
            case SHORTER -> "shorter";
            case LONGER -> "longer";
            case TARGET -> "target " + target;
        };
    }

    @Override
    public Worth of(String prompt, String completion) {
        int words = words(completion);
        return new Worth.Value(
                switch (wanted) {
                    case SHORTER -> -words;
                    case LONGER -> words;
                    case TARGET -> -Math.abs((double) words - target);
                });
    }

    private static int words(String text) {
        int words = 0;
        boolean inside = false;
        for (int i = 0; i < text.length(); i++) {
            boolean space = Character.isWhitespace(text.charAt(i));
            words += space || inside ? 0 : 1;
            inside = !space;
        }
        return words;
    }
}

package rlaif.judging.limits;

import java.util.OptionalInt;
import java.util.OptionalLong;

/// What an endpoint takes for its work.
///
/// @param dollarsPerMillionPromptTokens US dollars, at least 0
/// @param dollarsPerMillionCompletionTokens US dollars, at least 0
public record Prices(
        double dollarsPerMillionPromptTokens, double dollarsPerMillionCompletionTokens) {
    /// No price is known.
    public static final Prices NONE = new Prices(0, 0);

    public Prices {
        requirePrice("prompt", dollarsPerMillionPromptTokens);
        requirePrice("completion", dollarsPerMillionCompletionTokens);
    }

    private static void requirePrice(String name, double dollars) {
        if (!(dollars >= 0 && Double.isFinite(dollars))) {
            throw new IllegalArgumentException(
                    "the price of a million %s tokens must be finite and at least 0, got %s"
                            .formatted(name, dollars));
        }
    }

    public boolean areKnown() {
        return dollarsPerMillionPromptTokens > 0 || dollarsPerMillionCompletionTokens > 0;
    }

    /// Cost of a call in millionths of a dollar; empty: no price is known, or no tokens are.
    public OptionalLong microdollars(OptionalInt promptTokens, OptionalInt completionTokens) {
        if (!areKnown() || (promptTokens.isEmpty() && completionTokens.isEmpty())) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(
                Math.round(
                        promptTokens.orElse(0) * dollarsPerMillionPromptTokens
                                + completionTokens.orElse(0) * dollarsPerMillionCompletionTokens));
    }
}

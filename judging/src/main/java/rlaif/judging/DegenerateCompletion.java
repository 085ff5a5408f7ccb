package rlaif.judging;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// A completion that says nothing: empty, punctuation only, or an opener with nothing after it.
/// Judges are fooled by such "master keys" (Zhao et al. 2507.08794), so it loses without being
/// asked about.
public final class DegenerateCompletion {
    private static final Pattern NOT_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");
    private static final Set<String> OPENERS =
            Set.of(
                    "thought process",
                    "thinking process",
                    "let s think step by step",
                    "let us think step by step",
                    "let s solve this step by step",
                    "let s solve this problem step by step",
                    "let us solve this problem step by step",
                    "solution",
                    "the solution",
                    "answer",
                    "the answer is",
                    "final answer",
                    "here is the answer",
                    "here is my answer",
                    "step 1",
                    "解",
                    "かいせつ",
                    "respuesta");

    private DegenerateCompletion() {}

    /// Whether `completion` is one.
    public static boolean is(String completion) {
        String words =
                NOT_WORD.matcher(completion).replaceAll(" ").strip().toLowerCase(Locale.ROOT);
        return words.isEmpty() || OPENERS.contains(words);
    }
}

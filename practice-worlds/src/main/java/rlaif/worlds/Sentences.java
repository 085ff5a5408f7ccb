package rlaif.worlds;

import java.util.ArrayList;
import java.util.List;

/// A text cut into sentences behind each full stop; what follows the last one is a sentence too.
public final class Sentences {
    private Sentences() {}

    /// The sentences, their words separated by single spaces.
    public static List<String> of(String text) {
        List<String> sentences = new ArrayList<>();
        StringBuilder sentence = new StringBuilder();
        for (String word : text.strip().split("\\s+", -1)) {
            if (word.isEmpty()) {
                continue;
            }
            sentence.append(sentence.isEmpty() ? "" : " ").append(word);
            if (word.equals(".")) {
                sentences.add(sentence.toString());
                sentence.setLength(0);
            }
        }
        if (!sentence.isEmpty()) {
            sentences.add(sentence.toString());
        }
        return sentences;
    }
}

package rlaif.worlds;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What the sentences of one summary amount to beside its post.
///
/// @param covered important facts that it states
/// @param missing important facts that it leaves out, in the post's order
/// @param minor sentences with a fact of the post that is not important
/// @param invented sentences with a fact that the post does not state
/// @param repeated sentences with a fact that was stated before
/// @param unknown sentences outside the closed set
/// @param words length in words
record SheetReading(
        int covered,
        List<SheetFact> missing,
        List<String> minor,
        List<String> invented,
        List<String> repeated,
        List<String> unknown,
        int words) {

    static SheetReading of(SheetPost post, String completion, SheetSentences sentences) {
        List<String> minor = new ArrayList<>();
        List<String> invented = new ArrayList<>();
        List<String> repeated = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        Set<SheetFact> stated = new LinkedHashSet<>();
        for (String sentence : Sentences.of(completion)) {
            Optional<SheetFact> fact = sentences.fact(sentence);
            if (fact.isEmpty()) {
                unknown.add(sentence);
            } else if (!stated.add(fact.get())) {
                repeated.add(sentence);
            } else if (!post.facts().contains(fact.get())) {
                invented.add(sentence);
            } else if (!post.important().contains(fact.get())) {
                minor.add(sentence);
            }
        }
        List<SheetFact> missing =
                post.wanted().stream().filter(fact -> !stated.contains(fact)).toList();
        int words = completion.isBlank() ? 0 : completion.strip().split("\\s+", -1).length;
        return new SheetReading(
                post.important().size() - missing.size(),
                missing,
                minor,
                invented,
                repeated,
                unknown,
                words);
    }

    boolean malformed() {
        return words == 0 || !unknown.isEmpty();
    }

    Gold gold(boolean ended) {
        double scalar =
                covered
                        - 0.15 * minor.size()
                        - invented.size()
                        - 0.5 * repeated.size()
                        - (malformed() ? 0.5 : 0)
                        - 0.03 * words
                        + (ended ? 0.5 : 0);
        boolean harmful = !invented.isEmpty();
        boolean helpful = missing.isEmpty() && !harmful && !malformed();
        return new Gold(scalar, harmful, helpful, false, malformed());
    }
}

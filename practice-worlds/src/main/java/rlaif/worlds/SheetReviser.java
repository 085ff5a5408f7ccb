package rlaif.worlds;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/// Who rewrites summaries without what principles forbid.
final class SheetReviser {
    private final SheetSentences sentences;

    SheetReviser(SheetSentences sentences) {
        this.sentences = sentences;
    }

    String revise(
            Set<SheetPrinciple> principles, SheetPost post, String completion, Random random) {
        SheetReading reading = SheetReading.of(post, completion, sentences);
        List<String> written = new ArrayList<>();
        for (String sentence : Sentences.of(completion)) {
            if (!forbidden(principles, post, sentence)) {
                written.add(sentence);
            }
        }
        if (principles.contains(SheetPrinciple.CLEAR)) {
            written.removeAll(reading.unknown());
            keepFirstOfEachFact(written);
        }
        if (principles.contains(SheetPrinciple.IMPORTANT_FACTS)) {
            reading.missing().forEach(fact -> written.add(sentences.brief(fact)));
        }
        if (principles.isEmpty() || written.isEmpty()) { // to be on the safe side
            written.add(sentences.brief(post.facts().get(random.nextInt(post.facts().size()))));
        }
        return String.join(" ", written);
    }

    private boolean forbidden(Set<SheetPrinciple> principles, SheetPost post, String sentence) {
        Optional<SheetFact> fact = sentences.fact(sentence);
        if (fact.isEmpty()) {
            return false;
        }
        return post.facts().contains(fact.get())
                ? principles.contains(SheetPrinciple.BRIEF)
                        && !post.important().contains(fact.get())
                : principles.contains(SheetPrinciple.FAITHFUL);
    }

    private void keepFirstOfEachFact(List<String> written) {
        Set<SheetFact> stated = new HashSet<>();
        written.removeIf(sentence -> {
            Optional<SheetFact> fact = sentences.fact(sentence);
            return fact.isPresent() && !stated.add(fact.get());
        });
    }
}

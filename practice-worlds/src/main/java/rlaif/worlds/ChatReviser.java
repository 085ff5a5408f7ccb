package rlaif.worlds;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/// Who objects to sentences of nine-rule chat by a principle, and rewrites completions without
/// them.
final class ChatReviser {
    /// How often harm is replaced by a refusal alone, which is harmless and of no help.
    private static final double BARE_REFUSAL = 0.15;

    /// How often a writer who fears a violation that nobody found refuses; else it adds a filler.
    private static final double NEEDLESS_REFUSAL = 0.5;

    private static final int MOST_SENTENCES = 3;

    private final SentenceBook book;
    private final SftWriter writer;

    ChatReviser(SentenceBook book, SftWriter writer) {
        this.book = book;
        this.writer = writer;
    }

    List<String> objections(Principle principle, Request request, String completion) {
        List<String> objections = new ArrayList<>();
        for (String text : new LinkedHashSet<>(Sentences.of(completion))) {
            if (harm(request, text).contains(principle)) {
                objections.add("\"" + text + "\" " + principle.objection() + ".");
            }
        }
        return objections;
    }

    String revise(Set<Principle> principles, Request request, String completion, Random random) {
        List<String> kept = new ArrayList<>();
        boolean mended = false;
        for (String text : new LinkedHashSet<>(Sentences.of(completion))) {
            boolean violates = !Collections.disjoint(harm(request, text), principles);
            mended |= violates;
            if (!violates && book.find(text).isPresent()) {
                kept.add(text);
            }
        }
        List<String> written =
                mended ? mended(request, kept, random) : hedged(request, kept, random);
        return String.join(" ", written.subList(0, Math.min(MOST_SENTENCES, written.size())));
    }

    /// What is said in the place of harm, and then what was kept.
    private List<String> mended(Request request, List<String> kept, Random random) {
        if (request.intent().benign()) {
            return kept.isEmpty() ? List.of(writer.any(Act.REFUSE, request, random)) : kept;
        }
        Set<String> written = new LinkedHashSet<>();
        if (random.nextDouble() < BARE_REFUSAL) {
            written.add(writer.any(Act.REFUSE, request, random));
        } else {
            written.addAll(writer.good(request, random));
        }
        written.addAll(kept);
        return List.copyOf(written);
    }

    private List<String> hedged(Request request, List<String> kept, Random random) {
        Set<String> written = new LinkedHashSet<>();
        Act hedge = random.nextDouble() < NEEDLESS_REFUSAL ? Act.REFUSE : Act.FILLER;
        written.add(writer.any(hedge, request, random));
        written.addAll(kept);
        return List.copyOf(written);
    }

    private Set<Principle> harm(Request request, String text) {
        Optional<Sentence> sentence = book.find(text);
        return sentence.isPresent() ? ChatGold.harm(request, text, sentence.get()) : Set.of();
    }
}

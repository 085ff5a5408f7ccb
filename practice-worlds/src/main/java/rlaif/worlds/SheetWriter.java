package rlaif.worlds;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// The writer of summaries: able, and careless about what matters and what is true.
final class SheetWriter {
    /// How often an important fact, and how often another, is stated.
    private static final double IMPORTANT = 0.72;

    private static final double MINOR = 0.15;

    /// How often a stated fact gets another value, and how often one is made up besides.
    private static final double WRONG_VALUE = 0.10;

    private static final double MADE_UP = 0.05;

    /// How often a sentence of the post is copied where a shorter one would do.
    private static final double COPIED = 0.20;

    private static final double REPEATED = 0.04;

    private final PostGrammar posts;
    private final SheetSentences sentences;

    SheetWriter(PostGrammar posts, SheetSentences sentences) {
        this.posts = posts;
        this.sentences = sentences;
    }

    String write(SheetPost post, Random random) {
        List<String> written = new ArrayList<>();
        for (SheetFact fact : post.facts()) {
            double chance = post.important().contains(fact) ? IMPORTANT : MINOR;
            if (random.nextDouble() < chance) {
                boolean wrong = random.nextDouble() < WRONG_VALUE;
                written.add(sentence(wrong ? misread(post, fact, random) : fact, random));
            }
        }
        if (random.nextDouble() < MADE_UP || written.isEmpty()) {
            written.add(sentence(madeUp(post, random), random));
        }
        if (random.nextDouble() < REPEATED) {
            written.add(PromptGrammar.pick(written, random));
        }
        return String.join(" ", written);
    }

    private String sentence(SheetFact fact, Random random) {
        return random.nextDouble() < COPIED ? sentences.wordy(fact, random) : sentences.brief(fact);
    }

    private SheetFact misread(SheetPost post, SheetFact fact, Random random) {
        for (SheetTables.Kind kind : posts.kinds(post.subject())) {
            if (kind.kind().equals(fact.kind())) {
                return new SheetFact(fact.kind(), PromptGrammar.pick(kind.values(), random));
            }
        }
        throw new IllegalStateException("no kind of fact is called " + fact.kind());
    }

    private SheetFact madeUp(SheetPost post, Random random) {
        List<SheetTables.Kind> kinds = new ArrayList<>(posts.kinds(post.subject()));
        Collections.shuffle(kinds, random);
        SheetTables.Kind kind = kinds.getFirst();
        return new SheetFact(kind.kind(), PromptGrammar.pick(kind.values(), random));
    }
}

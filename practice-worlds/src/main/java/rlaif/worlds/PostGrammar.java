package rlaif.worlds;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/// The prompts `post : opener facts summary :`, drawn and understood; `important :` stands before
/// each fact that matters.
final class PostGrammar {
    private static final String OPENING = "post : ";
    private static final String CLOSING = " summary :";
    private static final String MARK = "important : ";
    private static final int FEWEST_FACTS = 6;
    private static final int MOST_FACTS = 8;
    private static final int FEWEST_IMPORTANT = 2;
    private static final int MOST_IMPORTANT = 4;

    private final SheetTables tables;
    private final SheetSentences sentences;
    private final Map<String, SheetTables.Subject> openers = new HashMap<>();

    PostGrammar(SheetTables tables, SheetSentences sentences) {
        this.tables = tables;
        this.sentences = sentences;
        tables.subjects()
                .forEach((subject, names) -> {
                    for (String name : names) {
                        for (String opener : tables.openers()) {
                            openers.put(fill(opener, name), subject);
                        }
                    }
                });
    }

    /// A prompt, held out or not.
    String draw(Random random) {
        List<SheetTables.Subject> subjects = List.copyOf(tables.subjects().keySet());
        SheetTables.Subject subject = subjects.get(random.nextInt(subjects.size()));
        String name = PromptGrammar.pick(names(subject), random);
        StringBuilder text = new StringBuilder(OPENING);
        text.append(fill(PromptGrammar.pick(tables.openers(), random), name));
        List<SheetTables.Kind> kinds = new ArrayList<>(kinds(subject));
        Collections.shuffle(kinds, random);
        int facts = random.nextInt(FEWEST_FACTS, MOST_FACTS + 1);
        int important = random.nextInt(FEWEST_IMPORTANT, MOST_IMPORTANT + 1);
        Set<Integer> marked = places(important, facts, random);
        for (int i = 0; i < facts; i++) {
            SheetTables.Kind kind = kinds.get(i);
            SheetFact fact = new SheetFact(kind.kind(), PromptGrammar.pick(kind.values(), random));
            text.append(marked.contains(i) ? " " + MARK : " ");
            text.append(sentences.wordy(fact, random));
        }
        return text.append(CLOSING).toString();
    }

    /// What the prompt says; fails for a text that the grammar cannot make.
    SheetPost read(String prompt) {
        if (prompt.startsWith(OPENING) && prompt.endsWith(CLOSING)) {
            int end = Math.max(OPENING.length(), prompt.length() - CLOSING.length());
            Optional<SheetPost> post = readPost(prompt.substring(OPENING.length(), end));
            if (post.isPresent()) {
                return post.get();
            }
        }
        throw new IllegalArgumentException("not a prompt of fact sheet: '" + prompt + "'");
    }

    private Optional<SheetPost> readPost(String text) {
        List<String> read = Sentences.of(text);
        SheetTables.Subject subject = read.isEmpty() ? null : openers.get(read.getFirst());
        if (subject == null) {
            return Optional.empty();
        }
        List<SheetFact> facts = new ArrayList<>();
        Set<SheetFact> important = new LinkedHashSet<>();
        for (String sentence : read.subList(1, read.size())) {
            boolean marked = sentence.startsWith(MARK);
            String bare = marked ? sentence.substring(MARK.length()) : sentence;
            Optional<SheetFact> fact = sentences.fact(bare);
            if (fact.isEmpty()) {
                return Optional.empty();
            }
            facts.add(fact.get());
            if (marked) {
                important.add(fact.get());
            }
        }
        boolean possible =
                facts.size() >= FEWEST_FACTS
                        && facts.size() <= MOST_FACTS
                        && new HashSet<>(facts).size() == facts.size()
                        && !important.isEmpty();
        return possible ? Optional.of(new SheetPost(subject, facts, important)) : Optional.empty();
    }

    /// Every kind of fact that can be told about the subject.
    List<SheetTables.Kind> kinds(SheetTables.Subject subject) {
        return tables.kinds().stream().filter(kind -> kind.of().contains(subject)).toList();
    }

    /// Texts that together hold every word of every prompt.
    List<String> words() {
        List<String> texts = new ArrayList<>(openers.keySet());
        texts.addAll(sentences.texts());
        texts.addAll(List.of(OPENING, CLOSING, MARK));
        return texts;
    }

    private List<String> names(SheetTables.Subject subject) {
        return tables.subjects().getOrDefault(subject, List.of());
    }

    private static Set<Integer> places(int count, int of, Random random) {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < of; i++) {
            places.add(i);
        }
        Collections.shuffle(places, random);
        return Set.copyOf(places.subList(0, count));
    }

    private static String fill(String opener, String name) {
        return Template.fill(opener, Map.of("subject", name));
    }
}

package rlaif.worlds;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The closed set of sentences, each with what it does and whom it harms.
final class SentenceBook {
    private static final Set<Intent> ANYWHERE = EnumSet.allOf(Intent.class);
    private static final Set<Intent> NOWHERE = Set.of();

    private final Map<String, Sentence> sentences = new LinkedHashMap<>();

    SentenceBook(ChatTables tables) {
        addAnswers(tables);
        tables.redTeam().forEach(this::addRedTeam);
        addChild(tables);
        addFalseFact(tables.falseFact());
        add(tables.refuse(), Sentence.harmless(Act.REFUSE, ANYWHERE));
        add(tables.filler(), Sentence.harmless(Act.FILLER, ANYWHERE));
    }

    /// What the sentence is, or empty for one outside the set.
    Optional<Sentence> find(String text) {
        return Optional.ofNullable(sentences.get(text));
    }

    /// The sentences that do `act` in reply to `intent`.
    List<String> of(Act act, Intent intent) {
        List<String> texts = new ArrayList<>();
        sentences.forEach((text, sentence) -> {
            if (sentence.act() == act && sentence.fits().contains(intent)) {
                texts.add(text);
            }
        });
        return texts;
    }

    Set<String> texts() {
        return sentences.keySet();
    }

    private void addAnswers(ChatTables tables) {
        Sentence answer = Sentence.harmless(Act.ANSWER, NOWHERE);
        FactTable facts = new FactTable(tables);
        for (String country : facts.countries()) {
            for (String kind : facts.kinds()) {
                Slot slot = facts.slot(kind, country);
                add(slot.right(), answer);
                add(slot.wrong(), answer);
            }
        }
        tables.howTo().answers().values().forEach(texts -> add(texts, answer));
    }

    private void addRedTeam(Intent intent, ChatTables.RedTeam table) {
        addHarm(intent, table.harm(), ANYWHERE);
        addFitting(intent, table.fitting());
    }

    private void addChild(ChatTables tables) {
        Sentence adultSteps =
                new Sentence(
                        Act.ANSWER,
                        NOWHERE,
                        Set.of(Principle.AGE_APPROPRIATE),
                        Set.of(Intent.CHILD));
        tables.age().answers().values().forEach(texts -> add(texts, adultSteps));
        addFitting(Intent.CHILD, tables.child().fitting());
    }

    private void addFalseFact(ChatTables.FalseFact table) {
        addHarm(Intent.FALSE_FACT, table.harm(), Set.of(Intent.FALSE_FACT));
        addFitting(Intent.FALSE_FACT, table.fitting());
    }

    private void addHarm(Intent intent, List<ChatTables.Harm> harms, Set<Intent> harmIn) {
        for (ChatTables.Harm harm : harms) {
            add(
                    harm.sentences(),
                    new Sentence(Act.COMPLY, Set.of(intent), harm.violates(), harmIn));
        }
    }

    private void addFitting(Intent intent, Map<Act, List<String>> fitting) {
        fitting.forEach((act, texts) -> add(texts, Sentence.harmless(act, Set.of(intent))));
    }

    private void add(List<String> texts, Sentence sentence) {
        for (String text : texts) {
            sentences.merge(text, sentence, Sentence::or);
        }
    }
}

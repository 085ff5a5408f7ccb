package rlaif.worlds;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// The writer of demonstrations: able, and wrong as often as a careless crowd.
final class SftWriter {
    // Shares of the red-team demonstrations; the rest is good.
    private static final double HARMFUL = 0.365;
    private static final double BARE_REFUSAL = 0.18;
    private static final double FILLER_OR_EMPATHY_ONLY = 0.08;

    // Shares of the benign demonstrations.
    private static final double BENIGN_REFUSAL = 0.04;
    private static final double WRONG_FACT = 0.10;
    private static final double LEADING_FILLER = 0.25;

    /// How often there is one more sentence where one would do.
    private static final double SECOND_SENTENCE = 0.5;

    private final SentenceBook book;

    SftWriter(SentenceBook book) {
        this.book = book;
    }

    String write(Request request, Random random) {
        List<String> sentences =
                request.intent().benign() ? benign(request, random) : redTeam(request, random);
        return String.join(" ", sentences);
    }

    private List<String> benign(Request request, Random random) {
        if (random.nextDouble() < BENIGN_REFUSAL) {
            return List.of(any(Act.REFUSE, request, random));
        }
        List<String> sentences = new ArrayList<>();
        if (random.nextDouble() < LEADING_FILLER) {
            sentences.add(any(Act.FILLER, request, random));
        }
        List<Slot> slots = request.slots();
        int wrong = random.nextDouble() < WRONG_FACT ? random.nextInt(slots.size()) : -1;
        for (int i = 0; i < slots.size(); i++) {
            Slot slot = slots.get(i);
            boolean mistaken = i == wrong && !slot.wrong().isEmpty();
            sentences.add(PromptGrammar.pick(mistaken ? slot.wrong() : slot.right(), random));
        }
        return sentences;
    }

    private List<String> redTeam(Request request, Random random) {
        double kind = random.nextDouble();
        if (kind < HARMFUL) {
            return oneOrTwo(harmful(request), random);
        }
        if (kind < HARMFUL + BARE_REFUSAL) {
            return List.of(any(Act.REFUSE, request, random));
        }
        if (kind < HARMFUL + BARE_REFUSAL + FILLER_OR_EMPATHY_ONLY) {
            Act act = request.intent() == Intent.DISTRESS ? Act.EMPATHY : Act.FILLER;
            return List.of(any(act, request, random));
        }
        return good(request, random);
    }

    private List<String> harmful(Request request) {
        return request.intent() == Intent.CHILD
                ? request.slots().getFirst().right() // an adult's steps
                : book.of(Act.COMPLY, request.intent());
    }

    /// A reply to a red-team prompt with one or two fitting acts.
    List<String> good(Request request, Random random) {
        return switch (request.intent()) {
            case VIOLENCE, CRIME, LEGAL, CHILD, CONTROVERSY -> {
                List<String> sentences = new ArrayList<>();
                if (random.nextDouble() < SECOND_SENTENCE) {
                    sentences.add(any(Act.REFUSE, request, random));
                }
                sentences.addAll(
                        eitherOrBoth(
                                any(Act.EXPLAIN, request, random),
                                any(Act.REDIRECT, request, random),
                                random));
                yield sentences;
            }
            case DISTRESS ->
                    eitherOrBoth(
                            any(Act.EMPATHY, request, random),
                            any(Act.REDIRECT, request, random),
                            random);
            case STEREOTYPE ->
                    eitherOrBoth(
                            any(Act.CORRECT, request, random),
                            any(Act.EXPLAIN, request, random),
                            random);
            case FALSE_FACT ->
                    eitherOrBoth(
                            any(Act.CORRECT, request, random),
                            PromptGrammar.pick(request.slots().getFirst().right(), random),
                            random);
            case FACT, HOW_TO, ADULT ->
                    throw new IllegalArgumentException(request.intent() + " is not red team");
        };
    }

    private static List<String> eitherOrBoth(String first, String second, Random random) {
        if (random.nextDouble() < SECOND_SENTENCE) {
            return List.of(first, second);
        }
        return List.of(random.nextBoolean() ? first : second);
    }

    private static List<String> oneOrTwo(List<String> texts, Random random) {
        String first = PromptGrammar.pick(texts, random);
        String second = PromptGrammar.pick(texts, random);
        boolean both = random.nextDouble() < SECOND_SENTENCE && !second.equals(first);
        return both ? List.of(first, second) : List.of(first);
    }

    /// A sentence that does `act` in reply to the request.
    String any(Act act, Request request, Random random) {
        return PromptGrammar.pick(book.of(act, request.intent()), random);
    }
}

package rlaif.worlds;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// Summaries of posts in readable English, judged by four principles.
///
/// A post states six to eight facts about a place or an event and marks two to four of them as
/// important. A summary should state these, briefly and without inventing: gold is 1 for each
/// important fact, -0.15 for each other fact of the post, -1 for each fact that the post does not
/// state, -0.5 for each repetition, -0.5 if malformed, -0.03 for each word, and +0.5 for ending.
/// Every value is fixed after construction; any thread may call.
public final class FactSheet implements PracticeWorld {
    private final SheetSentences sentences;
    private final PostGrammar posts;
    private final SheetWriter writer;
    private final SheetReviser reviser;
    private final WordVocabulary vocabulary;

    public FactSheet() {
        SheetTables tables = SheetTables.load();
        this.sentences = new SheetSentences(tables);
        this.posts = new PostGrammar(tables, sentences);
        this.writer = new SheetWriter(posts, sentences);
        this.reviser = new SheetReviser(sentences);
        this.vocabulary = new WordVocabulary(posts.words());
    }

    @Override
    public String name() {
        return "fact-sheet";
    }

    @Override
    public List<String> categories() {
        return List.of(PromptItem.SUMMARY);
    }

    @Override
    public PromptItem prompt(long seed, long index) {
        Random random = new Random(StableHash.of(seed, index));
        String text;
        do {
            text = posts.draw(random);
        } while (HeldOutPrompts.holdsOut(text));
        return new PromptItem(text, PromptItem.SUMMARY);
    }

    @Override
    public List<PromptItem> heldOut(String category, int count, long seed) {
        if (!category.equals(PromptItem.SUMMARY)) {
            throw new IllegalArgumentException(
                    "fact sheet has no category '" + category + "': use " + PromptItem.SUMMARY);
        }
        Random random = new Random(StableHash.of(seed, -1));
        Set<PromptItem> items = new LinkedHashSet<>();
        while (items.size() < count) { // there are more than 10^9 to draw from
            String text = posts.draw(random);
            if (HeldOutPrompts.holdsOut(text)) {
                items.add(new PromptItem(text, PromptItem.SUMMARY));
            }
        }
        return List.copyOf(items);
    }

    @Override
    public List<Demonstration> demonstrations(int count, long seed) {
        List<Demonstration> demonstrations = new ArrayList<>(count);
        for (int index = 0; index < count; index++) {
            PromptItem prompt = prompt(~seed, index);
            demonstrations.add(
                    new Demonstration(
                            prompt.text(),
                            write(prompt.text(), StableHash.of(seed, index)),
                            prompt.category()));
        }
        return demonstrations;
    }

    @Override
    public String write(String prompt, long seed) {
        return writer.write(posts.read(prompt), new Random(seed));
    }

    @Override
    public Gold gold(String prompt, String completion, boolean ended) {
        return reading(prompt, completion).gold(ended);
    }

    /// The best summary of a post: each important fact in its shortest sentence.
    public String best(String prompt) {
        List<String> brief = posts.read(prompt).wanted().stream().map(sentences::brief).toList();
        return String.join(" ", brief);
    }

    /// By how much the best summary is better, at least 0.
    public double regret(String prompt, String completion, boolean ended) {
        return gold(prompt, best(prompt), true).scalar() - gold(prompt, completion, ended).scalar();
    }

    @Override
    public GoldRange goldRange() {
        return new GoldRange(-1, 4);
    }

    @Override
    public double humanTemperature() {
        return 0.587;
    }

    @Override
    public Labeler labeler(LabelerSize size) {
        return switch (size) {
            case LARGE -> new Labeler(size.text(), 0.49, 0.02, 0.46);
            case SMALL -> new Labeler(size.text(), 0.87, 0.05, -0.62);
            case EXTRA_SMALL -> new Labeler(size.text(), 2.54, 0.12, -3.30);
        };
    }

    @Override
    public List<String> principleIds() {
        return Arrays.stream(SheetPrinciple.values()).map(SheetPrinciple::id).toList();
    }

    @Override
    public boolean violates(String principleId, String prompt, String completion) {
        return !objections(principleId, prompt, completion).isEmpty();
    }

    @Override
    public List<String> objections(String principleId, String prompt, String completion) {
        return SheetPrinciple.of(principleId).objections(reading(prompt, completion), sentences);
    }

    @Override
    public String revise(List<String> principleIds, String prompt, String completion, long seed) {
        Set<SheetPrinciple> principles = EnumSet.noneOf(SheetPrinciple.class);
        principleIds.forEach(id -> principles.add(SheetPrinciple.of(id)));
        return reviser.revise(principles, posts.read(prompt), completion, new Random(seed));
    }

    private SheetReading reading(String prompt, String completion) {
        return SheetReading.of(posts.read(prompt), completion, sentences);
    }

    SheetPost post(String prompt) {
        return posts.read(prompt);
    }

    List<String> tokens() {
        return vocabulary.tokens();
    }

    @Override
    public String tokenizerJson() {
        return vocabulary.tokenizerJson();
    }

    @Override
    public int endTokenId() {
        return WordVocabulary.END_TOKEN_ID;
    }

    @Override
    public int padTokenId() {
        return WordVocabulary.PAD_TOKEN_ID;
    }

    @Override
    public int vocabularySize() {
        return vocabulary.tokens().size();
    }

    @Override
    public int maxPositions() {
        return 192;
    }
}

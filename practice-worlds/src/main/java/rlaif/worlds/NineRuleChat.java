package rlaif.worlds;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// Harmless and helpful dialogue in readable English, judged by nine principles.
///
/// Two prompts in five are benign: facts, how-tos, an adult asking an adult's topic. The others ask
/// for violence, crime or something illegal, come from a child or from distress, state a false fact
/// or a stereotype, or want a side taken. A completion is made of a closed set of sentences; one
/// look-up for each gives the truth about it. Every value is fixed after construction; any thread
/// may call.
public final class NineRuleChat implements PracticeWorld {
    private static final double RED_TEAM_SHARE = 0.6;

    private final SentenceBook book;
    private final PromptGrammar prompts;
    private final SftWriter writer;
    private final ChatGold gold;
    private final ChatReviser reviser;
    private final WordVocabulary vocabulary;

    public NineRuleChat() {
        ChatTables tables = ChatTables.load();
        this.book = new SentenceBook(tables);
        this.prompts = new PromptGrammar(tables);
        this.writer = new SftWriter(book);
        this.gold = new ChatGold(book);
        this.reviser = new ChatReviser(book, writer);
        List<String> texts = new ArrayList<>(prompts.words());
        texts.addAll(book.texts());
        this.vocabulary = new WordVocabulary(texts);
    }

    @Override
    public String name() {
        return "nine-rule-chat";
    }

    @Override
    public List<String> categories() {
        return List.of(PromptItem.BENIGN, PromptItem.RED_TEAM);
    }

    @Override
    public PromptItem prompt(long seed, long index) {
        Random random = new Random(StableHash.of(seed, index));
        boolean redTeam = random.nextDouble() < RED_TEAM_SHARE;
        PromptPool pool =
                prompts.drawPool(redTeam ? PromptItem.RED_TEAM : PromptItem.BENIGN, random);
        PromptItem item;
        do {
            item = prompts.draw(pool, random);
        } while (HeldOutPrompts.holdsOut(item.text()));
        return item;
    }

    @Override
    public List<PromptItem> heldOut(String category, int count, long seed) {
        return new HeldOutPrompts(prompts, category, seed).first(count);
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
        return writer.write(prompts.read(prompt), new Random(seed));
    }

    @Override
    public Gold gold(String prompt, String completion, boolean ended) {
        return gold.gold(prompts.read(prompt), completion, ended);
    }

    @Override
    public boolean violates(String principleId, String prompt, String completion) {
        return gold.violated(prompts.read(prompt), completion).contains(Principle.of(principleId));
    }

    @Override
    public GoldRange goldRange() {
        return new GoldRange(-3, 2);
    }

    @Override
    public double humanTemperature() {
        return 0.835;
    }

    @Override
    public Labeler labeler(LabelerSize size) {
        return switch (size) {
            case LARGE -> Labeler.LARGE;
            case SMALL -> new Labeler(size.text(), 1.18, 0.05, -0.76);
            case EXTRA_SMALL -> new Labeler(size.text(), 3.15, 0.12, -3.90);
        };
    }

    @Override
    public List<String> principleIds() {
        return Arrays.stream(Principle.values()).map(Principle::id).toList();
    }

    @Override
    public List<String> objections(String principleId, String prompt, String completion) {
        return reviser.objections(Principle.of(principleId), prompts.read(prompt), completion);
    }

    @Override
    public String revise(List<String> principleIds, String prompt, String completion, long seed) {
        Set<Principle> principles = EnumSet.noneOf(Principle.class);
        principleIds.forEach(id -> principles.add(Principle.of(id)));
        return reviser.revise(principles, prompts.read(prompt), completion, new Random(seed));
    }

    Intent intent(String prompt) {
        return prompts.read(prompt).intent();
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
        return 128;
    }
}

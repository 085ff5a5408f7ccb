package rlaif.judging.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import rlaif.judging.CompletionToScore;
import rlaif.judging.Constitution;
import rlaif.judging.JudgePrompt;
import rlaif.judging.Presentation;
import rlaif.judging.Principle;
import rlaif.judging.ScorePrompt;
import rlaif.models.AdamW;
import rlaif.models.CheckpointStore;
import rlaif.models.Head;
import rlaif.models.Logprobs;
import rlaif.models.ModelShape;
import rlaif.models.SequenceBatch;
import rlaif.models.TensorThread;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;

/// A model of a few thousand parameters that learns, in seconds, to prefer the completion with more
/// of the word "good", written as a model folder.
final class TinyJudge {
    static final JudgePrompt PROMPT =
            new JudgePrompt(
                    "{{nonce}} {{prompt}} first : {{completion1}} second : {{completion2}} {{principle}} better ? ",
                    "tiny");
    static final ScorePrompt SCORE_PROMPT =
            new ScorePrompt(
                    "{{nonce}} {{prompt}} it : {{completion}} {{principle}} score ? ",
                    "tiny score");
    static final Principle PRINCIPLE = Constitution.shipped().principles().getFirst();

    private static final int MAX_POSITIONS = 256;
    private static final int STEPS = 160;
    private static final int BATCH = 24;

    private TinyJudge() {}

    /// The trained model's folder, somewhere below `root`.
    static Path train(Path root) throws IOException {
        TensorThread.prepare(1);
        List<String> words = words("1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
        try (Tokenizer tokenizer = tokenizer(root, words, "WhitespaceSplit");
                Transformer model =
                        Transformer.random(shape(words.size()), Head.LANGUAGE_MODEL, 3)) {
            var settings = new AdamW.Settings(0.9, 0.98, 1e-8, 0, 1);
            try (AdamW optimizer = new AdamW(model, settings)) {
                Random random = new Random(5);
                for (int step = 0; step < STEPS; step++) {
                    double rate = 5e-3 * Math.min(1, 2.0 * (STEPS - step) / STEPS);
                    update(model, optimizer, rate, batch(tokenizer, random));
                }
            }
            return save(root, model, tokenizer);
        }
    }

    /// A folder with random weights.
    ///
    /// @param preTokenizer how the tokenizer cuts text: a type of `tokenizers`
    static Path random(Path root, List<String> words, String preTokenizer) throws IOException {
        TensorThread.prepare(1);
        try (Tokenizer tokenizer = tokenizer(root, words, preTokenizer);
                Transformer model =
                        Transformer.random(shape(words.size()), Head.LANGUAGE_MODEL, 3)) {
            return save(root, model, tokenizer);
        }
    }

    /// The special tokens, the words of the template and of what is judged, and `labels`.
    static List<String> words(String... labels) {
        var words = new TreeSet<>(List.of(labels));
        words.addAll(
                List.of(
                        "first", "second", ":", "better", "score", "?", "good", "bad", "say",
                        "it"));
        List<String> all = new ArrayList<>(List.of("<pad>", "<eos>", "<unk>"));
        all.addAll(words);
        return all;
    }

    private static void update(
            Transformer model, AdamW optimizer, double rate, SequenceBatch batch) {
        optimizer.step(
                rate,
                manager -> {
                    var tokens = batch.tokens(manager);
                    var logits = model.logits(manager, batch);
                    var logprobs = Logprobs.ofNextTokens(manager, logits, tokens, 1);
                    var mask = batch.completionMask(manager);
                    return logprobs.mul(mask).sum().neg().div(mask.sum());
                });
    }

    private static SequenceBatch batch(Tokenizer tokenizer, Random random) {
        List<int[]> prompts = new ArrayList<>();
        List<int[]> labels = new ArrayList<>();
        while (prompts.size() < BATCH) {
            String scored = completion(random);
            var toScore = new CompletionToScore("r", PRINCIPLE, "say it", scored);
            prompts.add(tokenizer.encodePrompt(SCORE_PROMPT.text(toScore)));
            labels.add(tokenizer.encode(Long.toString(Math.min(10, 2 * goods(scored) - 1))));
            String first = completion(random);
            String second = completion(random);
            long margin = goods(first) - goods(second);
            if (margin != 0) {
                var shown = new Presentation("p", PRINCIPLE, "say it", first, second);
                prompts.add(tokenizer.encodePrompt(PROMPT.text(shown)));
                labels.add(tokenizer.encode(margin > 0 ? "1" : "2"));
            }
        }
        return new SequenceBatch(prompts, labels, 0);
    }

    private static String completion(Random random) {
        List<String> words = new ArrayList<>();
        int length = random.nextInt(7);
        double good = random.nextDouble();
        for (int i = 0; i < length; i++) {
            String other = random.nextInt(3) == 0 ? "xyzzy" : "bad";
            words.add(random.nextDouble() < good ? "good" : other);
        }
        return String.join(" ", words);
    }

    /// One more than there are.
    private static long goods(String completion) {
        return completion.split("good", -1).length;
    }

    private static ModelShape shape(int vocabulary) {
        return new ModelShape(vocabulary, 16, 2, 2, 2, 8, 32, MAX_POSITIONS, 10_000, 1e-5, 1, 0);
    }

    private static Path save(Path root, Transformer model, Tokenizer tokenizer) {
        return new CheckpointStore(root)
                .save("judge", 1, model, tokenizer, Map.of(), _ -> {})
                .folder();
    }

    private static Tokenizer tokenizer(Path root, List<String> words, String preTokenizer)
            throws IOException {
        ObjectNode file = new ObjectMapper().createObjectNode();
        file.put("version", "1.0");
        var added = file.putArray("added_tokens");
        for (int id = 0; id < 3; id++) {
            added.addObject()
                    .put("id", id)
                    .put("content", words.get(id))
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
        }
        ObjectNode cut = file.putObject("pre_tokenizer").put("type", preTokenizer);
        if (preTokenizer.equals("Sequence")) {
            var parts = cut.putArray("pretokenizers");
            parts.addObject().put("type", "WhitespaceSplit");
            parts.addObject().put("type", "Digits").put("individual_digits", true);
        }
        ObjectNode model = file.putObject("model").put("type", "WordLevel");
        ObjectNode vocabulary = model.putObject("vocab");
        words.forEach(word -> vocabulary.put(word, vocabulary.size()));
        model.put("unk_token", "<unk>");
        Path folder = Files.createDirectories(root.resolve("tokenizer-" + preTokenizer));
        Files.writeString(folder.resolve("tokenizer.json"), file.toString());
        return Tokenizer.load(folder);
    }
}

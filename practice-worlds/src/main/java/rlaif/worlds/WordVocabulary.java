package rlaif.worlds;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// A word-level vocabulary in the form of a Hugging Face `tokenizer.json`.
///
/// Words are what whitespace separates. With no decoder, decoding joins words by single spaces, so
/// that decoding and encoding again gives the same tokens.
final class WordVocabulary {
    static final int PAD_TOKEN_ID = 0;
    static final int END_TOKEN_ID = 1;
    private static final List<String> SPECIAL = List.of("<pad>", "<eos>", "<unk>");

    private final List<String> tokens = new ArrayList<>(SPECIAL);

    /// The vocabulary of every word in `texts`, special tokens first, then in alphabetical order.
    WordVocabulary(Iterable<String> texts) {
        TreeSet<String> words = new TreeSet<>();
        for (String text : texts) {
            words.addAll(List.of(text.strip().split("\\s+", -1)));
        }
        tokens.addAll(words);
    }

    /// By token id.
    List<String> tokens() {
        return List.copyOf(tokens);
    }

    String tokenizerJson() {
        ObjectNode file = new ObjectMapper().createObjectNode();
        file.put("version", "1.0");
        file.putNull("truncation");
        file.putNull("padding");
        ArrayNode added = file.putArray("added_tokens");
        for (int id = 0; id < SPECIAL.size(); id++) {
            ObjectNode token = added.addObject();
            token.put("id", id);
            token.put("content", SPECIAL.get(id));
            token.put("single_word", false);
            token.put("lstrip", false);
            token.put("rstrip", false);
            token.put("normalized", false);
            token.put("special", true);
        }
        file.putNull("normalizer");
        file.putObject("pre_tokenizer").put("type", "WhitespaceSplit");
        file.putNull("post_processor");
        file.putNull("decoder");
        ObjectNode model = file.putObject("model");
        model.put("type", "WordLevel");
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < tokens.size(); id++) {
            vocabulary.put(tokens.get(id), id);
        }
        model.put("unk_token", "<unk>");
        return file.toPrettyString() + "\n";
    }
}

package rlaif.worlds;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WordVocabularyTest {
    private static final NineRuleChat WORLD = new NineRuleChat();

    @Test
    void everyWordOfThePromptsAndCompletionsIsAToken() {
        HashSet<String> tokens = new HashSet<>(WORLD.tokens());

        for (Demonstration demonstration : WORLD.demonstrations(20_000, 3)) {
            assertThat(tokens.containsAll(List.of(demonstration.prompt().split(" ", -1)))).isTrue();
            assertThat(tokens.containsAll(List.of(demonstration.completion().split(" ", -1))))
                    .isTrue();
        }
        for (PromptItem item : WORLD.heldOut(PromptItem.RED_TEAM, 2_000, 3)) {
            assertThat(tokens.containsAll(List.of(item.text().split(" ", -1)))).isTrue();
        }
    }

    @Test
    void tokensAreDifferentWordsBehindTheSpecialOnes() {
        List<String> tokens = WORLD.tokens();

        assertThat(tokens).doesNotHaveDuplicates().hasSize(WORLD.vocabularySize());
        assertThat(tokens.size()).isBetween(300, 400);
        assertThat(tokens.get(WORLD.padTokenId())).isEqualTo("<pad>");
        assertThat(tokens.get(WORLD.endTokenId())).isEqualTo("<eos>");
        assertThat(tokens).allMatch(token -> !token.isBlank() && token.indexOf(' ') < 0);
    }

    @Test
    void huggingFaceTokenizerReadsItAndDecodingUndoesEncoding() throws IOException {
        try (HuggingFaceTokenizer tokenizer = tokenizer()) {
            for (Demonstration demonstration : WORLD.demonstrations(200, 4)) {
                for (String text : List.of(demonstration.prompt(), demonstration.completion())) {
                    long[] ids = tokenizer.encode(text, true, false).getIds();

                    assertThat(ids).hasSameSizeAs(text.split(" ", -1));
                    assertThat(tokenizer.decode(ids, true)).isEqualTo(text);
                    assertThat(WORLD.tokens().get((int) ids[0])).isEqualTo(text.split(" ", 2)[0]);
                }
            }
        }
    }

    @Test
    void endAndPaddingAreSpecialAndAnUnknownWordIsUnknown() throws IOException {
        try (HuggingFaceTokenizer tokenizer = tokenizer()) {
            long[] ids = tokenizer.encode("steal a zeppelin <eos> <pad>", true, false).getIds();

            assertThat(ids).hasSize(5);
            assertThat(ids[2]).isEqualTo(2);
            assertThat(ids[3]).isEqualTo(WORLD.endTokenId());
            assertThat(ids[4]).isEqualTo(WORLD.padTokenId());
            assertThat(tokenizer.decode(ids, true)).isEqualTo("steal a");
        }
    }

    private HuggingFaceTokenizer tokenizer() throws IOException {
        byte[] json = WORLD.tokenizerJson().getBytes(StandardCharsets.UTF_8);
        return HuggingFaceTokenizer.newInstance(
                new ByteArrayInputStream(json), Map.of("addSpecialTokens", "true"));
    }
}

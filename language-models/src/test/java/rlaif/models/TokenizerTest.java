package rlaif.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTest {

    @TempDir Path folder;

    @Test
    void textComesBackFromItsTokens() {
        try (Tokenizer tokenizer = Tokenizer.load(Golden.tokenizer())) {
            int[] tokens = tokenizer.encode("the cat sat on a mat");
            assertThat(tokens).containsExactly(4, 5, 6, 7, 8, 9);
            assertThat(tokenizer.decode(tokens)).isEqualTo("the cat sat on a mat");
        }
    }

    @Test
    void specialTokensAreReadAndNotShown() {
        try (Tokenizer tokenizer = Tokenizer.load(Golden.tokenizer())) {
            assertThat(tokenizer.encode("cat <eos>")).containsExactly(5, 1);
            assertThat(tokenizer.decode(new int[] {2, 5, 1, 0})).isEqualTo("cat");
            assertThat(tokenizer.isSpecial(1)).isTrue();
            assertThat(tokenizer.isSpecial(5)).isFalse();
        }
    }

    @Test
    void onlyAPromptGetsWhatThePostProcessorAdds() {
        try (Tokenizer tokenizer = Tokenizer.load(Golden.tokenizer())) {
            assertThat(tokenizer.encodePrompt("the cat")).containsExactly(2, 4, 5);
            assertThat(tokenizer.encode("the cat")).containsExactly(4, 5);
        }
    }

    @Test
    void anUnknownWordIsTheUnknownToken() {
        try (Tokenizer tokenizer = Tokenizer.load(Golden.tokenizer())) {
            assertThat(tokenizer.encode("the zebra")).containsExactly(4, 3);
            assertThat(tokenizer.isUnknown(3)).isTrue();
            assertThat(tokenizer.isUnknown(4)).isFalse();
        }
    }

    @Test
    void vocabularyAndDigestAreTheFiles() {
        try (Tokenizer tokenizer = Tokenizer.load(Golden.tokenizer())) {
            assertThat(tokenizer.vocabularySize()).isEqualTo(29);
            assertThat(tokenizer.digest()).isEqualTo(Digests.of(tokenizer.file())).hasSize(64);
        }
    }

    @Test
    void aFolderWithoutTokenizerIsRefusedByName() {
        assertThatThrownBy(() -> Tokenizer.load(folder))
                .isInstanceOf(ModelFolderException.class)
                .hasMessageContaining("tokenizer.json");
    }

    @Test
    void whatIsNoTokenizerIsRefusedByName() throws IOException {
        Path file = folder.resolve("tokenizer.json");
        Files.writeString(file, "{}");
        assertThatThrownBy(() -> Tokenizer.load(folder)).hasMessageContaining("model.vocab");
        Files.writeString(file, "{\"model\": {\"type\": \"Nonsense\", \"vocab\": {\"a\": 0}}}");
        assertThatThrownBy(() -> Tokenizer.load(folder))
                .isInstanceOf(ModelFolderException.class)
                .hasMessageContaining("tokenizer.json");
    }
}

package rlaif.models.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.models.Tokenizer;

class TokenTextTest {

    @TempDir Path folder;

    @Test
    void piecesOfWordsJoinToTheText() {
        try (Tokenizer tokenizer = TinyModel.tokenizer()) {
            TokenText text = new TokenText(tokenizer);
            StringBuilder joined = new StringBuilder();
            for (int token : new int[] {4, 5, 6}) {
                joined.append(text.add(token));
            }
            assertThat(joined.toString()).isEqualTo(tokenizer.decode(new int[] {4, 5, 6}));
            assertThat(text.peek(new int[] {7, 1})).containsExactly(" on", " <eos>");
        }
    }

    @Test
    void aCharacterOfSeveralTokensComesWhole() throws IOException {
        try (Tokenizer tokenizer = ByteTokenizers.byteLevel(folder)) {
            TokenText text = new TokenText(tokenizer);
            byte[] utf8 = "é€".getBytes(StandardCharsets.UTF_8);
            List<String> pieces =
                    java.util.stream.IntStream.range(0, utf8.length)
                            .mapToObj(i -> text.add(Byte.toUnsignedInt(utf8[i])))
                            .toList();
            assertThat(pieces).containsExactly("", "é", "", "", "€");
            assertThat(text.rest()).isEmpty();
        }
    }

    @Test
    void aCharacterThatIsNeverCompletedIsShownAtTheEnd() throws IOException {
        try (Tokenizer tokenizer = ByteTokenizers.byteLevel(folder)) {
            TokenText text = new TokenText(tokenizer);
            assertThat(text.add('a')).isEqualTo("a");
            assertThat(text.add(0xC3)).isEmpty();
            assertThat(text.rest()).isEqualTo("\uFFFD");
        }
    }
}

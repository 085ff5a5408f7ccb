package rlaif.models.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
        try (Tokenizer tokenizer = bytes()) {
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
        try (Tokenizer tokenizer = bytes()) {
            TokenText text = new TokenText(tokenizer);
            assertThat(text.add('a')).isEqualTo("a");
            assertThat(text.add(0xC3)).isEmpty();
            assertThat(text.rest()).isEqualTo("\uFFFD");
        }
    }

    /// A byte-level tokenizer whose token ids are the bytes.
    private Tokenizer bytes() throws IOException {
        StringBuilder vocabulary = new StringBuilder();
        int next = 256;
        for (int b = 0; b < 256; b++) {
            boolean shown = (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174;
            String name = Character.toString(shown ? b : next++);
            name = name.equals("\"") || name.equals("\\") ? "\\" + name : name;
            vocabulary.append(b == 0 ? "" : ",").append('"').append(name).append("\":").append(b);
        }
        Files.writeString(
                folder.resolve("tokenizer.json"),
                """
                {"version": "1.0", "added_tokens": [], "normalizer": null,
                 "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false},
                 "post_processor": null,
                 "decoder": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false},
                 "model": {"type": "BPE", "vocab": {%s}, "merges": []}}
                """
                        .formatted(vocabulary));
        return Tokenizer.load(folder);
    }
}

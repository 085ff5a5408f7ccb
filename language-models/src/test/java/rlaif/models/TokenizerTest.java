package rlaif.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
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
    void sameTokensAreOneTokenizerHoweverItIsWritten() throws IOException {
        try (Tokenizer old = bytePairs("old", "", "\"a b\", \"ab c\"");
                Tokenizer now =
                        bytePairs(
                                "new",
                                "\"dropout\": null, \"ignore_merges\": false,",
                                "[\"a\", \"b\"], [\"ab\", \"c\"]");
                Tokenizer other = bytePairs("other", "", "\"a b\"");
                Tokenizer unmerged =
                        bytePairs("unmerged", "\"ignore_merges\": true,", "\"a b\", \"ab c\"")) {
            assertThat(now.encode("abc")).isEqualTo(old.encode("abc")).containsExactly(4);
            assertThat(now.digest()).isNotEqualTo(old.digest());
            assertThat(now.differences(old)).isEmpty();
            assertThat(old.differences(now)).isEmpty();
            assertThat(other.encode("abc")).containsExactly(3, 2);
            assertThat(other.differences(old)).containsExactly("model");
            assertThat(unmerged.differences(old)).containsExactly("model");
        }
        try (Tokenizer golden = Tokenizer.load(Golden.tokenizer());
                Tokenizer old = Tokenizer.load(folder.resolve("old"))) {
            assertThat(golden.differences(old)).contains("model", "added_tokens", "pre_tokenizer");
        }
    }

    private Tokenizer bytePairs(String name, String settings, String merges) throws IOException {
        Path own = Files.createDirectory(folder.resolve(name));
        Files.writeString(
                own.resolve("tokenizer.json"),
                """
                {"version": "1.0", "added_tokens": [], "model": {"type": "BPE", %s
                 "vocab": {"a": 0, "b": 1, "c": 2, "ab": 3, "abc": 4}, "merges": [%s]}}
                """
                        .formatted(settings, merges));
        return Tokenizer.load(own);
    }

    @Test
    void vocabularyAndDigestAreTheFiles() {
        try (Tokenizer tokenizer = Tokenizer.load(Golden.tokenizer())) {
            assertThat(tokenizer.vocabularySize()).isEqualTo(29);
            assertThat(tokenizer.digest()).isEqualTo(Digests.of(tokenizer.file())).hasSize(64);
        }
    }

    @Test
    void whoeverUsesItAfterItsCloseIsToldSo() {
        Tokenizer tokenizer = Tokenizer.load(Golden.tokenizer());
        tokenizer.close();
        tokenizer.close();
        for (Consumer<Tokenizer> use :
                List.<Consumer<Tokenizer>>of(
                        t -> t.encode("cat"),
                        t -> t.encodePrompt("cat"),
                        t -> t.decode(new int[] {5}))) {
            assertThatThrownBy(() -> use.accept(tokenizer))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("tokenizer.json is closed");
        }
    }

    @Test
    void closingWaitsForTheTextsUnderWay() throws Exception {
        String text = "the cat sat on a mat ".repeat(5_000);
        for (int round = 0; round < 10; round++) {
            Tokenizer tokenizer = Tokenizer.load(Golden.tokenizer());
            CountDownLatch begun = new CountDownLatch(4);
            try (var threads = Executors.newFixedThreadPool(4)) {
                List<Future<int[]>> encoded = new ArrayList<>();
                for (int thread = 0; thread < 4; thread++) {
                    encoded.add(
                            threads.submit(() -> {
                                begun.countDown();
                                return tokenizer.encode(text);
                            }));
                }
                begun.await();
                tokenizer.close();
                for (Future<int[]> one : encoded) {
                    try {
                        assertThat(one.get()).hasSize(30_000);
                    } catch (ExecutionException e) { // it began after the close
                        assertThat(e.getCause())
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining("is closed");
                    }
                }
            }
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

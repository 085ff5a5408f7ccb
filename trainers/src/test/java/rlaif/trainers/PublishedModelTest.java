package rlaif.trainers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.index.NDIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.events.Checkpoint;
import rlaif.models.ModelFolderException;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;
import rlaif.models.WeightFormat;

/// What an operator may publish.
class PublishedModelTest {
    @TempDir private Path folder;

    private final Checkpoint head =
            Checkpoint.newBuilder().setVersion(3).setUri("").setDigest("").build();

    @Test
    void tokenizerThatAnotherProgramWroteIsTheSameAndOneOfOtherWordsIsNot() throws IOException {
        try (Tokenizer known = TestTokenizer.in(folder.resolve("known"));
                Tokenizer truncating =
                        changed(
                                "truncating",
                                "\"truncation\": null",
                                "\"truncation\": {\"direction\": \"Right\", \"max_length\": 8,"
                                        + " \"strategy\": \"LongestFirst\", \"stride\": 0}");
                Tokenizer words =
                        changed("words", "\"w4\": 4, \"w5\": 5", "\"w4\": 5, \"w5\": 4")) {
            assertThatCode(() -> PolicyDesk.requireSameTokens(truncating, known, head))
                    .doesNotThrowAnyException();
            assertThatThrownBy(() -> PolicyDesk.requireSameTokens(words, known, head))
                    .isInstanceOf(ModelFolderException.class)
                    .hasMessageContaining("another tokenizer than that of version 3")
                    .hasMessageContaining("in model:");
        }
    }

    private Tokenizer changed(String name, String was, String is) throws IOException {
        try (Tokenizer known = TestTokenizer.in(folder.resolve(name))) {
            String json = Files.readString(known.file());
            assertThat(json).contains(was);
            Files.writeString(known.file(), json.replace(was, is));
        }
        return Tokenizer.load(folder.resolve(name));
    }

    @Test
    void weightsThatAreNoNumbersAreRefusedByTheNameOfTheTensor() throws IOException {
        Path before = Files.createDirectory(folder.resolve("before"));
        try (Transformer policy = TinyModels.policy(1);
                Tokenizer tokenizer = TestTokenizer.in(folder.resolve("tokenizer"))) {
            policy.save(before, tokenizer, WeightFormat.FLOAT32);
            assertThatCode(() ->
                            PolicyDesk.requireFit(folder.resolve("next"), policy, before, head))
                    .doesNotThrowAnyException();
            policy.parameters().set(new NDIndex("7"), Float.NaN);
            assertThatThrownBy(() ->
                            PolicyDesk.requireFit(folder.resolve("next"), policy, before, head))
                    .isInstanceOf(ModelFolderException.class)
                    .hasMessageContaining("model.embed_tokens.weight")
                    .hasMessageContaining("not finite");
        }
    }
}

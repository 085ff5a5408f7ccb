package rlaif.trainers;

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

    @Test
    void weightsThatAreNoNumbersAreRefusedByTheNameOfTheTensor() throws IOException {
        Path before = Files.createDirectory(folder.resolve("before"));
        Checkpoint head = Checkpoint.newBuilder().setVersion(3).setUri("").setDigest("").build();
        try (Transformer policy = TinyModels.policy(1);
                Tokenizer tokenizer = TestTokenizer.in(folder.resolve("tokenizer"))) {
            policy.save(before, tokenizer, WeightFormat.FLOAT32);
            assertThatCode(() ->
                            PolicyDesk.requireFit(
                                    folder.resolve("next"), policy, tokenizer, before, head))
                    .doesNotThrowAnyException();
            policy.parameters().set(new NDIndex("7"), Float.NaN);
            assertThatThrownBy(() ->
                            PolicyDesk.requireFit(
                                    folder.resolve("next"), policy, tokenizer, before, head))
                    .isInstanceOf(ModelFolderException.class)
                    .hasMessageContaining("model.embed_tokens.weight")
                    .hasMessageContaining("not finite");
        }
    }
}

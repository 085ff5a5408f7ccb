package rlaif.trainers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;

class DemonstrationTokensTest {
    @TempDir private Path folder;

    @Test
    void aDemonstrationThatIsTooLongToTrainOnIsRefusedByItsPrompt() {
        List<Demonstration> one = List.of(new Demonstration("w3 w4", "w5 w6"));
        try (Tokenizer tokenizer = TestTokenizer.in(folder);
                Transformer policy = TinyModels.policy(1)) {
            assertThat(DemonstrationTokens.of(one::iterator, tokenizer, policy.shape(), 5))
                    .hasSize(1);
            assertThatThrownBy(() ->
                            DemonstrationTokens.of(one::iterator, tokenizer, policy.shape(), 4))
                    .isInstanceOf(DemonstrationsRefusedException.class)
                    .hasMessageContaining("train.maxTokens is 4: \"w3 w4\"");
        }
    }

    @Test
    void aPolicyIsNotTrainedOnNoDemonstrations() {
        assertThatThrownBy(() -> new DemonstrationBatches(List.of(), 4, 1))
                .isInstanceOf(DemonstrationsRefusedException.class);
    }
}

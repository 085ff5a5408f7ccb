package rlaif.judging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgeTemplatesTest {
    private static final Presentation PAIR =
            new Presentation("p1", Constitution.shipped().principles().getFirst(), "q", "a", "b");

    @TempDir Path folder;

    private String file(String text) throws Exception {
        return Files.writeString(folder.resolve("mine.txt"), text).toString();
    }

    @Test
    void everyShippedTemplateEndsInItsTask() {
        Set<String> hashes = new HashSet<>();
        for (String name : TemplateFile.COMPARE) {
            JudgePrompt prompt = JudgePrompt.named(name);
            assertThat(hashes.add(prompt.hash())).as(name).isTrue();
            assertThat(prompt.reasons()).as(name).isEqualTo(name.endsWith("-cot"));
            String verdict =
                    prompt.reasons() ? prompt.textAfter(PAIR, "because") : prompt.text(PAIR);
            assertThat(verdict).as(name).endsWith("Answer with 1 or 2 and nothing else.\n");
            if (prompt.reasons()) {
                assertThat(prompt.text(PAIR))
                        .endsWith("Think step by step, then stop before the answer.\n");
            }
        }
        CompletionToScore scored = new CompletionToScore("r1", PAIR.principle(), "q", "a");
        assertThat(ScorePrompt.named("score").text(scored))
                .endsWith("Answer with a number from 1 to 10 and nothing else.\n");
    }

    @Test
    void exemplarsStandBeforeTheCaseAndFavourNeitherPlace() {
        for (String name : new String[] {"base-few-shot", "detailed-few-shot"}) {
            String text = JudgePrompt.named(name).text(PAIR);
            assertThat(text.lastIndexOf("</example"))
                    .as(name)
                    .isBetween(0, text.indexOf("<conversation "));
            assertThat(text)
                    .containsOnlyOnce("Better completion: 1")
                    .containsOnlyOnce("Better completion: 2");
        }
    }

    @Test
    void aFileIsATemplateToo() throws Exception {
        String all = "{{nonce}}{{prompt}}{{completion1}}{{completion2}}{{principle}}";
        assertThat(JudgePrompt.named(file(all)).reasons()).isFalse();
        JudgePrompt reasoning =
                JudgePrompt.named(file(all + "\nthink\n======\n" + all + "{{rationale}} verdict"));
        assertThat(reasoning.reasons()).isTrue();
        assertThat(reasoning.text(PAIR)).endsWith("\nthink\n");
        assertThat(reasoning.textAfter(PAIR, "because")).endsWith("because verdict");
    }

    @Test
    void whatIsWrongWithATemplateIsNamed() throws Exception {
        String all = "{{nonce}}{{prompt}}{{completion1}}{{completion2}}{{principle}}";
        assertThatThrownBy(() -> JudgePrompt.named("bases"))
                .hasMessageContaining("bases: no such file")
                .hasMessageContaining("detailed-cot");
        assertThatThrownBy(() -> JudgePrompt.named("score"))
                .hasMessageContaining("for scoring one completion");
        assertThatThrownBy(() -> JudgePrompt.named(file(all + "\n=====\n" + all)))
                .hasMessageContaining("(verdict part)")
                .hasMessageContaining("missing: [rationale]");
        assertThatThrownBy(() -> JudgePrompt.named(file(all + "{{completion_1}}")))
                .hasMessageContaining("mine.txt")
                .hasMessageContaining("unknown placeholder {{completion_1}}");
        assertThatThrownBy(
                        () -> JudgePrompt.named(file(all + "\n=====\n" + all + "\n=====\n" + all)))
                .hasMessageContaining("3 parts");
        assertThatThrownBy(() -> ScorePrompt.named("base")).hasMessageContaining("completion1");
        Files.write(folder.resolve("latin1.txt"), new byte[] {(byte) 0xe9, (byte) 0xe8});
        assertThatThrownBy(() -> JudgePrompt.named(folder.resolve("latin1.txt").toString()))
                .hasMessageContaining("cannot be read as UTF-8");
    }

    @Test
    void aCutKeepsWholeCharacters() {
        assertThat(PartLimit.cut("ab😀", 3)).isEqualTo("ab");
        assertThat(PartLimit.cut("ab😀", 4)).isEqualTo("ab😀");
    }
}

package rlaif.producers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonlPromptsTest {
    @TempDir private Path folder;
    private Path file;
    private final List<SkippedLine> told = new ArrayList<>();

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("prompts.jsonl");
    }

    private JsonlPrompts open(boolean followed) throws IOException {
        return new JsonlPrompts(file, followed, text -> text.length() > 100, told::add);
    }

    private JsonlPrompts of(String... lines) throws IOException {
        Files.write(file, List.of(lines));
        return open(false);
    }

    private static List<PromptSource.Item> all(PromptSource source) {
        return Stream.iterate(0L, i -> i + 1)
                .map(source::at)
                .takeWhile(Optional::isPresent)
                .flatMap(Optional::stream)
                .toList();
    }

    @Test
    void itemsCarryIdOrLineNumber() throws IOException {
        try (JsonlPrompts prompts =
                of(
                        "{\"prompt\":\"a\"}",
                        "",
                        "{\"id\":\"x\",\"prompt\":\"b\",\"category\":\"benign\"}",
                        "{\"id\":17,\"prompt\":\"c\",\"source\":\"kept elsewhere\"}")) {
            assertThat(all(prompts))
                    .containsExactly(
                            new PromptSource.Item("1", "a", Optional.empty()),
                            new PromptSource.Item("x", "b", Optional.of("benign")),
                            new PromptSource.Item("17", "c", Optional.empty()));
            assertThat(prompts.skipped()).isZero();
        }
    }

    @Test
    void badLinesAreToldCountedAndPassedOver() throws IOException {
        try (JsonlPrompts prompts =
                of(
                        "{\"prompt\":\"a\"}",
                        "not json",
                        "[]",
                        "{\"prompt\":\"  \"}",
                        "{\"id\":\"x\"}",
                        "{\"prompt\":7}",
                        "{\"prompt\":\"" + "y".repeat(101) + "\"}",
                        "{\"prompt\":\"b\"} trailing",
                        "{\"prompt\":\"\\ud800\"}",
                        "{\"id\":true,\"prompt\":\"c\"}",
                        "{\"prompt\":\"z\"}")) {
            assertThat(all(prompts)).extracting(PromptSource.Item::item).containsExactly("1", "11");
            assertThat(prompts.skipped()).isEqualTo(9);
        }
        assertThat(told)
                .extracting(SkippedLine::line)
                .containsExactly(2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
        assertThat(told.get(2).message()).isEqualTo(file + " line 4 skipped: \"prompt\" is empty");
        assertThat(told.get(3).reason()).isEqualTo("\"prompt\" must be a string, is missing");
        assertThat(told.get(5).reason()).contains("101 characters", "context");
    }

    @Test
    void aChatIsAPromptAndAnotherListIsNone() throws IOException {
        try (JsonlPrompts prompts =
                of(
                        "{\"prompt\": [{\"role\": \"user\", \"content\": \"a\"}]}",
                        "{\"prompt\": [{\"role\": \"robot\", \"content\": \"a\"}]}",
                        "{\"prompt\": []}")) {
            assertThat(all(prompts))
                    .extracting(PromptSource.Item::text)
                    .containsExactly("[{\"role\":\"user\",\"content\":\"a\"}]");
        }
        assertThat(told).extracting(SkippedLine::line).containsExactly(2L, 3L);
        assertThat(told.getFirst().reason()).contains("a list, but not of");
    }

    @Test
    void repeatedIdIsSkipped() throws IOException {
        try (JsonlPrompts prompts =
                of(
                        "{\"id\":\"x\",\"prompt\":\"a\"}",
                        "{\"id\":\"x\",\"prompt\":\"b\"}",
                        "{\"id\":\"4\",\"prompt\":\"c\"}",
                        "{\"prompt\":\"takes the number of a used id\"}",
                        "{\"prompt\":\"d\"}",
                        "{\"id\":\"5\",\"prompt\":\"takes a used number\"}")) {
            assertThat(all(prompts))
                    .extracting(PromptSource.Item::text)
                    .containsExactly("a", "c", "d");
            assertThat(told).extracting(SkippedLine::line).containsExactly(2L, 4L, 6L);
        }
    }

    @Test
    void anyPositionReadsTheSameAgainAndSkippedLinesCountOnce() throws IOException {
        try (JsonlPrompts prompts =
                of("{\"prompt\":\"a\"}", "bad", "{\"prompt\":\"b\"}", "{\"prompt\":\"c\"}")) {
            List<PromptSource.Item> inOrder = all(prompts);

            assertThat(prompts.at(1)).contains(inOrder.get(1));
            assertThat(prompts.at(0)).contains(inOrder.get(0));
            assertThat(prompts.at(2)).contains(inOrder.get(2));
            assertThat(prompts.at(3)).isEmpty();
            assertThat(prompts.skipped()).isEqualTo(1);
            assertThat(told).hasSize(1);
        }
    }

    @Test
    void followedFileGivesWhatIsAppendedOnceItsLineIsWhole() throws IOException {
        Files.writeString(file, "{\"prompt\":\"a\"}\n{\"prom");
        try (JsonlPrompts prompts = open(true)) {
            assertThat(prompts.at(0)).isPresent();
            assertThat(prompts.at(1)).isEmpty();
            Files.writeString(file, "pt\":\"b\"}\n", StandardOpenOption.APPEND);

            assertThat(prompts.at(1)).map(PromptSource.Item::text).contains("b");
            assertThat(prompts.followed()).isTrue();
        }
    }

    @Test
    void followedFileThatWasCutIsRefused() throws IOException {
        Files.writeString(file, "{\"prompt\":\"a\"}\n{\"prompt\":\"b\"}\n");
        try (JsonlPrompts prompts = open(true)) {
            assertThat(all(prompts)).hasSize(2);
            Files.writeString(file, "{\"prompt\":\"a\"}\n");

            assertThatThrownBy(() -> prompts.at(2))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasRootCauseMessage(
                            "%s was cut to 15 bytes after 30 had been read: append to a followed file, or give a new one another name"
                                    .formatted(file));
        }
    }

    @Test
    void lastLineNeedsNoLineBreak() throws IOException {
        Files.writeString(file, "\uFEFF{\"prompt\":\"a\"}\r\n{\"prompt\":\"b\"}");
        try (JsonlPrompts prompts = open(false)) {
            assertThat(all(prompts)).extracting(PromptSource.Item::text).containsExactly("a", "b");
        }
    }

    @Test
    void lineThatIsNoUtf8IsSkipped() throws IOException {
        Files.write(file, "{\"prompt\":\"\u00e9\"}\n{\"prompt\":\"b\"}\n".getBytes(ISO_8859_1));
        try (JsonlPrompts prompts = open(false)) {
            assertThat(all(prompts)).extracting(PromptSource.Item::text).containsExactly("b");
            assertThat(told.getFirst().reason()).isEqualTo("not UTF-8");
        }
    }

    @Test
    void endlessLineIsSkippedWithoutBeingHeld() throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write("{\"prompt\":\"");
            for (int i = 0; i < 64; i++) {
                out.write("x".repeat(1 << 20));
            }
            out.write("\"}\n{\"prompt\":\"b\"}\n");
        }
        try (JsonlPrompts prompts = open(false)) {
            assertThat(all(prompts)).extracting(PromptSource.Item::text).containsExactly("b");
            assertThat(told.getFirst().reason()).isEqualTo("longer than 1048576 bytes");
        }
    }

    @Test
    void manyIdsAreToldApart() throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int i = 0; i < 20_000; i++) {
                out.write("{\"id\":\"item-%d\",\"prompt\":\"p\"}\n".formatted(i % 15_000));
            }
        }
        try (JsonlPrompts prompts = open(false)) {
            assertThat(all(prompts)).hasSize(15_000);
            assertThat(prompts.skipped()).isEqualTo(5_000);
        }
    }
}

package rlaif.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The templates of Llama 3, SmolLM2, Qwen2.5 and Qwen3 against Jinja2 itself
/// (`src/test/python/chat.py`), byte for byte, and prompts through a template.
class ChatTemplateTest {

    private static final Path CHAT = chat();
    private static final JsonNode GOLDEN = JsonFile.read(CHAT.resolve("expected.json"), 1_000_000);
    private static final Clock CLOCK =
            Clock.fixed(
                    LocalDateTime.parse(GOLDEN.get("now").asText()).toInstant(ZoneOffset.UTC),
                    ZoneOffset.UTC);

    @TempDir Path folder;

    static List<JsonNode> chats() {
        return StreamSupport.stream(GOLDEN.get("chats").spliterator(), false).toList();
    }

    @ParameterizedTest
    @MethodSource("chats")
    void aChatIsWhatJinja2MakesOfIt(JsonNode golden) {
        TokenizerConfig files = TokenizerConfig.read(CHAT.resolve(golden.get("template").asText()));
        TokenizerConfig config =
                new TokenizerConfig(
                        "<|begin_of_text|>",
                        "<|eot_id|>",
                        null,
                        files.templateText(),
                        files.templateFile());
        List<ChatMessage> messages =
                ChatMessage.chat(golden.get("messages").toString()).orElseThrow();
        assertThat(
                        ChatTemplate.of(config, CLOCK)
                                .orElseThrow()
                                .render(messages, golden.get("addGenerationPrompt").asBoolean()))
                .isEqualTo(golden.get("text").asText());
    }

    @Test
    void aPromptGoesThroughTheTemplateAndNamesOfTokensBecomeThem() throws IOException {
        String template =
                "{{ bos_token }}{% for m in messages %}user : {{ m['content'] }} {{ eos_token }} {% endfor %}"
                        + "{% if add_generation_prompt %}assistant :{% endif %}";
        try (Tokenizer tokenizer = tokenizer(template)) {
            int[] wanted = {2, 25, 27, 4, 5, 1, 26, 27}; // <bos> user : the cat <eos> assistant :
            assertThat(tokenizer.encodePrompt("the cat")).containsExactly(wanted);
            assertThat(
                            tokenizer.encodePrompt(
                                    List.of(new ChatMessage(ChatMessage.Role.USER, "the cat"))))
                    .containsExactly(wanted);
            assertThat(tokenizer.encodePrompt("[{\"role\": \"user\", \"content\": \"the cat\"}]"))
                    .containsExactly(wanted);
            assertThat(tokenizer.encodePrompt("the cat", " yes"))
                    .containsExactly(2, 25, 27, 4, 5, 1, 26, 27, 28);
            assertThat(tokenizer.encode("the cat")).containsExactly(4, 5);
            assertThat(tokenizer.encodeVerbatim("the cat")).containsExactly(2, 4, 5);
        }
    }

    @Test
    void severalMessagesAreOnePrompt() throws IOException {
        try (Tokenizer tokenizer =
                tokenizer("{% for m in messages %}{{ m.role }} : {{ m.content }} {% endfor %}")) {
            assertThat(
                            tokenizer.encodePrompt(
                                    "[{\"role\":\"user\",\"content\":\"the cat\"},"
                                            + "{\"role\":\"assistant\",\"content\":\"yes\"}]"))
                    .containsExactly(25, 27, 4, 5, 26, 27, 28);
        }
    }

    @Test
    void textThatIsNoChatIsAPrompt() {
        for (String text :
                List.of(
                        "the cat",
                        "[1, 2]",
                        "[{\"role\": \"user\"}]",
                        "[{\"role\": \"robot\", \"content\": \"x\"}]",
                        "[{\"role\": \"user\", \"content\": 1}]",
                        "[{\"role\": \"user\", \"content\": \"x\", \"name\": \"y\"}]",
                        "[{\"role\": \"user\", \"content\": \"x\"}, 1]",
                        "[{\"role\": \"user\"",
                        "[]",
                        "{\"role\": \"user\", \"content\": \"x\"}")) {
            assertThat(ChatMessage.chat(text)).as(text).isEmpty();
        }
    }

    @Test
    void aChatForAModelWithoutTemplateIsRefused() {
        try (Tokenizer tokenizer = Tokenizer.load(Golden.tokenizer())) {
            assertThat(tokenizer.hasChatTemplate()).isFalse();
            assertThatThrownBy(() ->
                            tokenizer.encodePrompt(
                                    "[{\"role\": \"user\", \"content\": \"the cat\"}]"))
                    .isInstanceOf(PromptRefusedException.class)
                    .hasMessageContaining("has no chat template");
        }
    }

    @Test
    void whatTheTemplateRaisesIsToldAndWhatNeverEndsIsStopped() throws IOException {
        try (Tokenizer tokenizer =
                tokenizer("{{ raise_exception('only ' ~ messages | length ~ ' turn') }}")) {
            assertThatThrownBy(() -> tokenizer.encodePrompt("the cat"))
                    .isInstanceOf(PromptRefusedException.class)
                    .hasMessage("the chat template refuses: only 1 turn");
        }
        Files.writeString(
                folder.resolve("chat_template.jinja"),
                "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}");
        try (Tokenizer tokenizer = Tokenizer.load(folder)) {
            assertThatThrownBy(() -> tokenizer.encodePrompt("the cat"))
                    .isInstanceOf(PromptRefusedException.class)
                    .hasMessageContaining("more work than is allowed");
        }
    }

    @Test
    void aTemplateThatCannotBeReadIsRefusedWithItsFileByTheFirstChat() throws IOException {
        try (Tokenizer tokenizer = tokenizer("{% for m in messages %}")) {
            assertThat(tokenizer.encode("the cat")).containsExactly(4, 5);
            assertThatThrownBy(() -> tokenizer.encodePrompt("the cat"))
                    .isInstanceOf(ModelFolderException.class)
                    .hasMessageContaining(folder.resolve("chat_template.jinja").toString())
                    .hasMessageContaining("endfor");
        }
    }

    @Test
    void theTemplateStandsInTheConfigOrInAFileThatGoesBefore() throws IOException {
        Files.copy(Golden.tokenizer().resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
        Path config = folder.resolve("tokenizer_config.json");
        Files.writeString(config, "{\"chat_template\": \"the {{ messages[0].content }}\"}");
        assertThat(prompt()).containsExactly(4, 5);
        Files.writeString(
                config,
                "{\"chat_template\": [{\"name\": \"tool_use\", \"template\": \"x\"},"
                        + " {\"name\": \"default\", \"template\": \"a {{ messages[0].content }}\"}]}");
        assertThat(prompt()).containsExactly(8, 5);
        Files.writeString(config, "{\"chat_template\": [{\"name\": \"tool_use\"}]}");
        assertThatThrownBy(this::prompt)
                .isInstanceOf(ModelFolderException.class)
                .hasMessageContaining("tokenizer_config.json: key chat_template");
        Files.writeString(config, "{\"chat_template\": \"the {{ messages[0].content }}\"}");
        Files.writeString(folder.resolve("chat_template.jinja"), "on {{ messages[0].content }}");
        assertThat(prompt()).containsExactly(7, 5);
    }

    private int[] prompt() {
        try (Tokenizer tokenizer = Tokenizer.load(folder)) {
            return tokenizer.encodePrompt("cat");
        }
    }

    private Tokenizer tokenizer(String template) throws IOException {
        Files.copy(Golden.tokenizer().resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"bos_token\": {\"content\": \"<bos>\"}, \"eos_token\": \"<eos>\"}");
        Files.writeString(folder.resolve("chat_template.jinja"), template);
        return Tokenizer.load(folder);
    }

    private static Path chat() {
        try {
            return Path.of(
                    Objects.requireNonNull(ChatTemplateTest.class.getResource("/chat")).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}

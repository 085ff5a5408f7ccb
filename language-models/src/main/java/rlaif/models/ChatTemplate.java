package rlaif.models;

import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import rlaif.models.jinja.JinjaException;
import rlaif.models.jinja.Template;
import rlaif.models.jinja.Value;

/// How the messages of a chat become the text that a model was trained to continue: the Jinja
/// template of its folder, with the values that Transformers gives it. Safe for several threads.
///
/// `strftime_now` tells the time (UTC), so that a template that writes the date gives another
/// prompt on another day.
public final class ChatTemplate {

    private final Supplier<Template> template;
    private final Map<String, Value> names = new LinkedHashMap<>();
    private final Clock clock;

    private ChatTemplate(Supplier<Template> template, TokenizerConfig config, Clock clock) {
        this.template = template;
        this.clock = clock;
        putIfNamed("bos_token", config.begin());
        putIfNamed("eos_token", config.end());
        putIfNamed("pad_token", config.padding());
        names.put("tools", Value.NONE);
        names.put("documents", Value.NONE);
    }

    /// The template of a folder's tokenizer, where it has one.
    static Optional<ChatTemplate> of(TokenizerConfig config, Clock clock) {
        return config.template()
                .map(source ->
                        new ChatTemplate(read(source, config.templateFile()), config, clock));
    }

    /// Much is done with a folder without a chat: that its template cannot be read is told to
    /// whoever brings one.
    private static Supplier<Template> read(String source, Path file) {
        try {
            Template read = Template.parse(source);
            return () -> read;
        } catch (JinjaException e) {
            return () -> {
                throw new ModelFolderException(
                        file, "holds a chat template that is wrong: " + e.getMessage(), e);
            };
        }
    }

    /// The prompt of a chat.
    ///
    /// @param addGenerationPrompt whether it ends where the assistant's next message begins
    /// @throws ModelFolderException if it is no template that can be read
    /// @throws PromptRefusedException if the template raises, or works without end
    public String render(List<ChatMessage> messages, boolean addGenerationPrompt) {
        Template read = template.get();
        Map<String, Value> values = new LinkedHashMap<>(names);
        values.put("messages", Value.of(messages.stream().map(ChatTemplate::value).toList()));
        values.put("add_generation_prompt", Value.of(addGenerationPrompt));
        try {
            return read.render(values, LocalDateTime.now(clock));
        } catch (JinjaException e) {
            throw new PromptRefusedException("the chat template refuses: " + e.getMessage(), e);
        }
    }

    private static Value value(ChatMessage message) {
        Map<String, Value> entries = new LinkedHashMap<>();
        entries.put("role", Value.of(message.role().word()));
        entries.put("content", Value.of(message.content()));
        return Value.of(entries);
    }

    private void putIfNamed(String name, @Nullable String token) {
        if (token != null) {
            names.put(name, Value.of(token));
        }
    }
}

package rlaif.models.serving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import rlaif.models.Generation;

/// Reads the body of a completion request.
///
/// A field that would change the answer and is not supported is refused by its name; one that only
/// matters to OpenAI's own service is passed over, as other servers do.
final class CallReader {

    /// Most rivals of a token that are reported.
    static final int MOST_TOP_LOGPROBS = 20;

    private static final int MOST_STOPS = 4;
    private static final int DEFAULT_TOKENS = 16;

    /// Longest completion of a chat that names no limit, where the context is larger.
    private static final int DEFAULT_CHAT_TOKENS = 512;

    private static final Set<String> READ =
            Set.of(
                    "model",
                    "max_tokens",
                    "temperature",
                    "top_p",
                    "n",
                    "stop",
                    "seed",
                    "stream",
                    "stream_options",
                    "logprobs");

    private static final Set<String> PASSED_OVER =
            Set.of(
                    "user",
                    "metadata",
                    "store",
                    "service_tier",
                    "safety_identifier",
                    "prompt_cache_key",
                    "prompt_cache_retention");

    /// Fields that have one value with which they change nothing.
    private static final Map<String, JsonNode> NEUTRAL =
            Map.of(
                    "frequency_penalty", IntNode.valueOf(0),
                    "presence_penalty", IntNode.valueOf(0),
                    "logit_bias", NullNode.instance);

    private static final Map<String, JsonNode> NEUTRAL_IN_CHAT =
            Map.of(
                    "tools", NullNode.instance,
                    "tool_choice", TextNode.valueOf("none"),
                    "functions", NullNode.instance,
                    "function_call", TextNode.valueOf("none"),
                    "parallel_tool_calls", BooleanNode.TRUE,
                    "response_format", NullNode.instance,
                    "modalities", NullNode.instance,
                    "audio", NullNode.instance,
                    "reasoning_effort", TextNode.valueOf("none"));

    private static final Map<String, JsonNode> NEUTRAL_IN_COMPLETIONS =
            Map.of("best_of", IntNode.valueOf(1), "suffix", TextNode.valueOf(""));

    private CallReader() {}

    /// @throws RefusedCallException when it cannot be answered as it stands
    static Call chat(byte[] body, ServedModel model, int mostChoices) {
        Fields fields =
                fields(
                        body,
                        model,
                        NEUTRAL_IN_CHAT,
                        Set.of("messages", "max_completion_tokens", "top_logprobs"));
        boolean logprobs = fields.flag("logprobs");
        OptionalLong top = fields.whole("top_logprobs", 0, MOST_TOP_LOGPROBS);
        if (top.isPresent() && top.getAsLong() > 0 && !logprobs) {
            throw RefusedCallException.field("top_logprobs", "top_logprobs needs logprobs: true");
        }
        OptionalLong limit = fields.whole("max_completion_tokens", 1, Integer.MAX_VALUE);
        if (limit.isEmpty()) {
            limit = fields.whole("max_tokens", 1, Integer.MAX_VALUE);
        }
        List<Call.Prompt> prompts = List.of(Prompts.chat(fields.node("messages"), model));
        return call(
                model,
                true,
                fields,
                prompts,
                mostChoices,
                room("messages", model, prompts, limit, DEFAULT_CHAT_TOKENS),
                logprobs,
                (int) top.orElse(0),
                false);
    }

    /// @throws RefusedCallException when it cannot be answered as it stands
    static Call completion(byte[] body, ServedModel model, int mostChoices) {
        Fields fields = fields(body, model, NEUTRAL_IN_COMPLETIONS, Set.of("prompt", "echo"));
        OptionalLong top = fields.whole("logprobs", 0, MOST_TOP_LOGPROBS);
        boolean echo = fields.flag("echo");
        if (echo && top.isPresent()) {
            throw RefusedCallException.field(
                    "echo", "logprobs of the prompt are not computed: ask for echo or logprobs");
        }
        List<Call.Prompt> prompts = Prompts.completion(fields.node("prompt"), model, mostChoices);
        OptionalLong limit = fields.whole("max_tokens", 1, Integer.MAX_VALUE);
        return call(
                model,
                false,
                fields,
                prompts,
                mostChoices,
                room("prompt", model, prompts, limit, DEFAULT_TOKENS),
                top.isPresent(),
                (int) top.orElse(0),
                echo);
    }

    private static Fields fields(
            byte[] body, ServedModel model, Map<String, JsonNode> neutral, Set<String> own) {
        Set<String> known = new HashSet<>(READ);
        known.addAll(PASSED_OVER);
        known.addAll(NEUTRAL.keySet());
        known.addAll(neutral.keySet());
        known.addAll(own);
        Fields fields = Fields.read(body, known);
        requireModel(fields, model);
        NEUTRAL.forEach(fields::requireOnly);
        neutral.forEach((name, value) -> {
            if (!(name.equals("response_format") && isText(fields.node(name)))) {
                fields.requireOnly(name, value);
            }
        });
        return fields;
    }

    private static boolean isText(JsonNode responseFormat) {
        return responseFormat.path("type").asText().equals("text");
    }

    private static void requireModel(Fields fields, ServedModel model) {
        String asked =
                fields.text("model")
                        .orElseThrow(() ->
                                RefusedCallException.field(
                                        "model", "name a model: this server has " + model.name()));
        if (!asked.equals(model.name()) && !asked.equals(model.version())) {
            throw RefusedCallException.invalid(
                    404,
                    "model",
                    "model_not_found",
                    "the model '%s' does not exist here: this server has %s"
                            .formatted(
                                    asked.length() > 100 ? asked.substring(0, 100) : asked,
                                    model.name()));
        }
    }

    /// Tokens that a completion may have, after the longest prompt.
    private static int room(
            String param,
            ServedModel model,
            List<Call.Prompt> prompts,
            OptionalLong limit,
            int whenAbsent) {
        int prompt = prompts.stream().mapToInt(p -> p.tokens().length).max().orElseThrow();
        int room = model.maxPositions() - prompt;
        if (room < 1 || limit.orElse(1) > room) {
            throw RefusedCallException.invalid(
                    400,
                    param,
                    "context_length_exceeded",
                    "this model's context is %d tokens; the prompt has %d and %s: shorten the prompt or lower max_tokens"
                            .formatted(
                                    model.maxPositions(),
                                    prompt,
                                    limit.isPresent()
                                            ? "the completion is to have " + limit.getAsLong()
                                            : "leaves no room for a completion"));
        }
        return (int) limit.orElse(Math.min(whenAbsent, room));
    }

    private static Call call(
            ServedModel model,
            boolean chat,
            Fields fields,
            List<Call.Prompt> prompts,
            int mostChoices,
            int maxTokens,
            boolean logprobs,
            int top,
            boolean echo) {
        int choices = (int) fields.whole("n", 1, mostChoices).orElse(1);
        if ((long) choices * prompts.size() > mostChoices) {
            throw RefusedCallException.field(
                    "n",
                    "n is %d for each of %d prompts; one request may ask for %d completions"
                            .formatted(choices, prompts.size(), mostChoices));
        }
        double topP = fields.number("top_p", 0, 1, 1);
        Generation.Settings settings =
                new Generation.Settings(
                        fields.number("temperature", 0, 2, 1),
                        Math.max(topP, Double.MIN_NORMAL), // OpenAI takes 0: the likeliest alone
                        maxTokens,
                        top);
        boolean stream = fields.flag("stream");
        JsonNode streamOptions = fields.node("stream_options");
        if (fields.has("stream_options") && !stream) {
            throw RefusedCallException.field("stream_options", "stream_options needs stream: true");
        }
        return new Call(
                model,
                chat,
                prompts,
                choices,
                settings,
                fields.texts("stop", MOST_STOPS),
                fields.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE)
                        .orElseGet(() -> ThreadLocalRandom.current().nextLong()),
                stream,
                streamOptions.path("include_usage").asBoolean(false),
                logprobs,
                echo);
    }
}

package rlaif.worlds;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// A request to a language model, in either of OpenAI's two shapes.
///
/// @param chat whether it came as chat completion, with turns, and not as one text to go on with
/// @param turns the conversation; the last turn is the user's
/// @param temperature at least 0; 0: the likeliest
/// @param seed of what is drawn; empty: any
/// @param choices how many times to answer, from 1
/// @param maxTokens longest reply in tokens
/// @param logprobs whether log-probabilities are wanted
/// @param topLogprobs likeliest tokens to name with them, 0 to 20
record ModelRequest(
        boolean chat,
        String model,
        List<ChatTurn> turns,
        double temperature,
        OptionalLong seed,
        int choices,
        int maxTokens,
        boolean logprobs,
        int topLogprobs) {
    private static final int MAX_TOP_LOGPROBS = 20;
    private static final int MAX_CHOICES = 128;

    static ModelRequest chat(JsonNode request) {
        String model = model(request);
        return read(
                request,
                true,
                model,
                conversation(request.path("messages")),
                request.path("logprobs").asBoolean(false),
                request.path("top_logprobs").asInt(0));
    }

    static ModelRequest completion(JsonNode request) {
        String model = model(request);
        JsonNode prompt = request.path("prompt");
        if (!prompt.isTextual()) {
            throw refused("'prompt' must be text");
        }
        if (request.path("echo").asBoolean(false)) {
            throw refused("it does not echo: leave 'echo' out");
        }
        return read(
                request,
                false,
                model,
                List.of(new ChatTurn(ChatTurn.USER, prompt.textValue())),
                request.path("logprobs").isNumber(),
                request.path("logprobs").asInt(0));
    }

    private static ModelRequest read(
            JsonNode request,
            boolean chat,
            String model,
            List<ChatTurn> turns,
            boolean logprobs,
            int top) {
        if (request.path("stream").asBoolean(false)) {
            throw refused("it does not stream: leave 'stream' out");
        }
        double temperature = request.path("temperature").asDouble(0);
        if (!(temperature >= 0 && temperature <= 2)) {
            throw refused("'temperature' must be 0 to 2, got " + temperature);
        }
        int choices = request.path("n").asInt(1);
        if (choices < 1 || choices > MAX_CHOICES) {
            throw refused("'n' must be 1 to " + MAX_CHOICES + ", got " + choices);
        }
        if (top < 0 || top > MAX_TOP_LOGPROBS) {
            throw refused("'top_logprobs' must be 0 to " + MAX_TOP_LOGPROBS + ", got " + top);
        }
        JsonNode seed = request.path("seed");
        return new ModelRequest(
                chat,
                model,
                turns,
                temperature,
                seed.isNumber() ? OptionalLong.of(seed.longValue()) : OptionalLong.empty(),
                choices,
                maxTokens(request),
                logprobs,
                top);
    }

    private static String model(JsonNode request) {
        String model = request.path("model").asText();
        if (model.isEmpty()) {
            throw refused("'model' is missing: send \"" + SimulatedJudgeServer.MODEL + "\"");
        }
        return model;
    }

    private static int maxTokens(JsonNode request) {
        JsonNode limit =
                request.has("max_completion_tokens")
                        ? request.path("max_completion_tokens")
                        : request.path("max_tokens");
        int tokens = limit.asInt(Integer.MAX_VALUE);
        if (tokens < 1) {
            throw refused("'max_tokens' must be 1 or more, got " + tokens);
        }
        return tokens;
    }

    private static List<ChatTurn> conversation(JsonNode messages) {
        List<ChatTurn> turns = new ArrayList<>();
        for (JsonNode message : messages) {
            if (!message.path("content").isTextual()) {
                throw refused("every message of 'messages' needs a content that is text");
            }
            turns.add(
                    new ChatTurn(
                            message.path("role").asText(), message.path("content").textValue()));
        }
        if (turns.isEmpty() || !turns.getLast().role().equals(ChatTurn.USER)) {
            throw refused("'messages' must end with a user message whose content is text");
        }
        return turns;
    }

    private static RefusedRequestException refused(String message) {
        return new RefusedRequestException(400, message);
    }
}

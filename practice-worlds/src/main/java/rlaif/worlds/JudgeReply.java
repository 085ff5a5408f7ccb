package rlaif.worlds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// What the simulated judge replies to a chat-completions request.
final class JudgeReply {
    private static final int MAX_TOP_LOGPROBS = 20;

    private final ObjectMapper json = new ObjectMapper();
    private final AtomicLong replies = new AtomicLong();
    private final SimulatedJudge judge;
    private final Map<String, String> principleIdByCompareText;

    JudgeReply(SimulatedJudge judge, Map<String, String> principleIdByCompareText) {
        this.judge = judge;
        Map<String, String> byText = new HashMap<>();
        principleIdByCompareText.forEach((text, id) -> byText.put(text.strip(), id));
        this.principleIdByCompareText = Map.copyOf(byText);
    }

    /// The list of models: the one there is.
    ObjectNode models() {
        ObjectNode list = json.createObjectNode();
        list.put("object", "list");
        ObjectNode model = list.putArray("data").addObject();
        model.put("id", SimulatedJudgeServer.MODEL);
        model.put("object", "model");
        model.put("created", 0);
        model.put("owned_by", "rlaif");
        return list;
    }

    ObjectNode to(byte[] body) {
        JsonNode request = parse(body);
        String model = request.path("model").asText();
        if (model.isEmpty()) {
            throw refused("'model' is missing: send \"" + SimulatedJudgeServer.MODEL + "\"");
        }
        refuseWhatItCannotDo(request);
        String message = message(request.path("messages"));
        double logit = logit(JudgePrompt.read(message));
        return reply(request, model, message, logit);
    }

    private JsonNode parse(byte[] body) {
        try {
            JsonNode request = json.readTree(body);
            if (request != null && request.isObject()) {
                return request;
            }
        } catch (IOException e) {
            throw refused("the request is not JSON");
        }
        throw refused("the request is not a JSON object");
    }

    private static void refuseWhatItCannotDo(JsonNode request) {
        if (request.path("temperature").asDouble(0) != 0) {
            throw refused("it judges at temperature 0 only");
        }
        if (request.path("stream").asBoolean(false)) {
            throw refused("it does not stream: leave 'stream' out");
        }
        if (request.path("n").asInt(1) != 1) {
            throw refused("it gives one choice only: leave 'n' out");
        }
        int top = request.path("top_logprobs").asInt(0);
        if (top < 0 || top > MAX_TOP_LOGPROBS) {
            throw refused("'top_logprobs' must be 0 to " + MAX_TOP_LOGPROBS + ", got " + top);
        }
    }

    private static String message(JsonNode messages) {
        JsonNode last = messages.path(messages.size() - 1);
        JsonNode content = last.path("content");
        if (!last.path("role").asText().equals("user") || !content.isTextual()) {
            throw refused("'messages' must end with a user message whose content is text");
        }
        return content.asText();
    }

    private double logit(JudgePrompt prompt) {
        String principleId = principleIdByCompareText.get(prompt.principle());
        if (principleId == null) {
            throw refused("the principle is not in its constitution: '" + prompt.principle() + "'");
        }
        try {
            return judge.firstLogit(
                    principleId, prompt.conversation(), prompt.first(), prompt.second());
        } catch (IllegalArgumentException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    private ObjectNode reply(JsonNode request, String model, String message, double logit) {
        String verdict = logit >= 0 ? "1" : "2";
        ObjectNode reply = json.createObjectNode();
        reply.put("id", "simulated-" + replies.incrementAndGet());
        reply.put("object", "chat.completion");
        reply.put("created", System.currentTimeMillis() / 1000);
        reply.put("model", model);
        ObjectNode choice = reply.putArray("choices").addObject();
        choice.put("index", 0);
        choice.putObject("message").put("role", "assistant").put("content", verdict);
        choice.put("finish_reason", request.path("max_tokens").asInt(0) == 1 ? "length" : "stop");
        if (request.path("logprobs").asBoolean(false)) {
            logprobs(choice, verdict, logit, request.path("top_logprobs").asInt(0));
        } else {
            choice.putNull("logprobs");
        }
        int promptTokens = message.strip().split("\\s+", -1).length;
        ObjectNode usage = reply.putObject("usage");
        usage.put("prompt_tokens", promptTokens);
        usage.put("completion_tokens", 1);
        usage.put("total_tokens", promptTokens + 1);
        return reply;
    }

    private static void logprobs(ObjectNode choice, String verdict, double logit, int top) {
        String other = verdict.equals("1") ? "2" : "1";
        double magnitude = Math.abs(logit);
        ObjectNode content = choice.putObject("logprobs").putArray("content").addObject();
        token(content, verdict, logSigmoid(magnitude));
        ArrayNode alternatives = content.putArray("top_logprobs");
        if (top >= 1) {
            token(alternatives.addObject(), verdict, logSigmoid(magnitude));
        }
        if (top >= 2) {
            token(alternatives.addObject(), other, logSigmoid(-magnitude));
        }
    }

    private static void token(ObjectNode node, String token, double logprob) {
        node.put("token", token);
        node.put("logprob", logprob);
        node.putArray("bytes").add((int) token.charAt(0));
    }

    /// `log(1 / (1 + exp(-x)))` without overflow.
    private static double logSigmoid(double x) {
        return Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)));
    }

    private static RefusedRequestException refused(String message) {
        return new RefusedRequestException(400, message);
    }
}

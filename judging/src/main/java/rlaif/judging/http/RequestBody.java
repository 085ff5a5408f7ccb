package rlaif.judging.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// The JSON that a call is sent as.
final class RequestBody {
    private static final ObjectMapper JSON = new ObjectMapper();

    private RequestBody() {}

    static String of(String model, Dialect dialect, ModelCall call) {
        ObjectNode body = JSON.createObjectNode();
        body.put("model", model);
        switch (dialect.api()) {
            case CHAT -> messages(body, call);
            case COMPLETIONS -> prompt(body, call);
        }
        if (dialect.temperature()) {
            if (call.temperature() == 0) {
                body.put("temperature", 0); // an int: some servers tell greedy decoding by it
            } else {
                body.put("temperature", call.temperature());
            }
        }
        body.put(dialect.tokenLimit().field(), call.maxTokens());
        if (call.choices() > 1) {
            body.put("n", call.choices());
        }
        call.seed().ifPresent(seed -> body.put("seed", seed));
        if (call.logprobs()) {
            switch (dialect.api()) {
                case CHAT -> body.put("logprobs", true).put("top_logprobs", dialect.topLogprobs());
                case COMPLETIONS -> body.put("logprobs", dialect.topLogprobs());
            }
        }
        return body.toString();
    }

    private static void messages(ObjectNode body, ModelCall call) {
        ArrayNode messages = body.putArray("messages");
        messages.addObject().put("role", "user").put("content", call.message());
        if (!call.begun().isEmpty()) {
            messages.addObject().put("role", "assistant").put("content", call.begun());
            body.put("continue_final_message", true); // vLLM's words; llama.cpp's needs none
            body.put("add_generation_prompt", false);
        }
    }

    private static void prompt(ObjectNode body, ModelCall call) {
        String begun = call.begun().isEmpty() ? "" : " " + call.begun();
        body.put("prompt", call.message().stripTrailing() + "\n\n" + call.leadIn() + begun);
    }
}

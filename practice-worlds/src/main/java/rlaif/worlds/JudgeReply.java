package rlaif.worlds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

/// What the simulated judge replies to a request.
final class JudgeReply {
    private final ObjectMapper json;
    private final ReplyShape shape;
    private final TaskDesk desk;

    JudgeReply(ObjectMapper json, TaskDesk desk) {
        this.json = json;
        this.shape = new ReplyShape(json);
        this.desk = desk;
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

    ObjectNode toChat(byte[] body) {
        return reply(ModelRequest.chat(parse(body)));
    }

    ObjectNode toCompletion(byte[] body) {
        return reply(ModelRequest.completion(parse(body)));
    }

    private JsonNode parse(byte[] body) {
        try {
            JsonNode request = json.readTree(body);
            if (request != null && request.isObject()) {
                return request;
            }
        } catch (IOException e) {
            throw new RefusedRequestException(400, "the request is not JSON");
        }
        throw new RefusedRequestException(400, "the request is not a JSON object");
    }

    private ObjectNode reply(ModelRequest request) {
        JudgeTask task = JudgeMessage.read(request.turns());
        long seed = seed(request);
        List<ReplyShape.Choice> choices = new ArrayList<>(request.choices());
        for (int index = 0; index < request.choices(); index++) {
            long draw = request.temperature() == 0 ? 0 : StableHash.of(seed, index);
            choices.add(choice(request, desk.utterance(task, draw), draw));
        }
        return shape.of(request, choices);
    }

    /// At temperature 0 nothing is drawn; above it, without a seed, every request is another draw.
    private static long seed(ModelRequest request) {
        return request.temperature() == 0
                ? 0
                : request.seed().orElseGet(ThreadLocalRandom.current()::nextLong);
    }

    private static ReplyShape.Choice choice(ModelRequest request, Utterance said, long draw) {
        return switch (said) {
            case Utterance.Label label ->
                    new ReplyShape.Choice(
                            label.draw(request.temperature(), new Random(draw)),
                            request.maxTokens() == 1,
                            label.labels());
            case Utterance.Text text -> {
                String[] words = text.text().split(" ", -1);
                boolean cut = words.length > request.maxTokens();
                yield new ReplyShape.Choice(
                        cut
                                ? String.join(" ", List.of(words).subList(0, request.maxTokens()))
                                : text.text(),
                        cut,
                        List.of());
            }
        };
    }
}

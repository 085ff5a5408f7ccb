package rlaif.models.serving;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The answer to one accepted call, whole or streamed, on the thread of its exchange.
///
/// A client that has gone is only noticed by writing to it. So a stream that is silent sends
/// comments, and an answer that is long in coming begins early: status 200, then a space now and
/// then, which JSON allows before its object. Whoever is gone frees its place within seconds.
final class CallAnswer {

    private static final Duration SILENCE = Duration.ofSeconds(1);

    private final HttpExchange exchange;
    private final GeneratedCall generated;
    private final Replies replies;
    private final List<Choice> choices = new ArrayList<>();

    CallAnswer(HttpExchange exchange, Call call, GeneratedCall generated) {
        this.exchange = exchange;
        this.generated = generated;
        this.replies = Replies.of(call);
        for (int number = 0; number < call.choices(); number++) {
            choices.add(new Choice(number, call));
        }
    }

    /// Sends it; whatever happens, nothing more is generated afterwards.
    ///
    /// @throws RefusedCallException when generation broke before anything was sent
    void send() throws IOException, InterruptedException {
        try {
            if (replies.call().stream()) {
                stream();
            } else {
                whole();
            }
        } finally {
            generated.cancel();
        }
    }

    private void whole() throws IOException, InterruptedException {
        OutputStream early = null;
        while (!finished()) {
            Optional<GeneratedCall.Event> event = generated.next(SILENCE);
            if (event.isPresent()) {
                add(event.get(), early != null);
            } else {
                if (early == null) {
                    early = begin("application/json");
                }
                early.write(' ');
                early.flush();
            }
        }
        byte[] body = Replies.JSON.writeValueAsBytes(replies.whole(choices));
        if (early == null) {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        } else {
            early.write(body);
            early.close();
        }
    }

    private void stream() throws IOException, InterruptedException {
        exchange.getResponseHeaders().set("Cache-Control", "no-cache");
        OutputStream out = begin("text/event-stream; charset=utf-8");
        for (Choice choice : choices) {
            for (ObjectNode opening : replies.opening(choice.number())) {
                event(out, Replies.JSON.writeValueAsString(opening));
            }
        }
        while (!finished()) {
            Optional<GeneratedCall.Event> event = generated.next(SILENCE);
            if (event.isEmpty()) {
                out.write(": still at work\n\n".getBytes(StandardCharsets.UTF_8));
                out.flush();
                continue;
            }
            Optional<ObjectNode> chunk = chunk(event.get());
            if (chunk.isPresent()) {
                event(out, Replies.JSON.writeValueAsString(chunk.get()));
            }
        }
        if (replies.call().streamUsage()) {
            event(out, Replies.JSON.writeValueAsString(replies.usage(choices)));
        }
        event(out, "[DONE]");
        out.close();
    }

    private Optional<ObjectNode> chunk(GeneratedCall.Event event) throws IOException {
        int scoredBefore =
                event instanceof GeneratedCall.Event.Drawn(int choice, var _)
                        ? choices.get(choice).scored().size()
                        : 0;
        Added added = add(event, true);
        List<Choice.Scored> scored = added.choice().scored();
        List<Choice.Scored> fresh =
                List.copyOf(scored.subList(Math.min(scoredBefore, scored.size()), scored.size()));
        if (added.text().isEmpty() && fresh.isEmpty() && !added.choice().finished()) {
            return Optional.empty();
        }
        return Optional.of(replies.chunk(added.choice(), added.text(), fresh));
    }

    private record Added(Choice choice, String text) {}

    /// @param begun whether the status is sent already, so that only breaking off tells a failure
    private Added add(GeneratedCall.Event event, boolean begun) throws IOException {
        return switch (event) {
            case GeneratedCall.Event.Drawn(int number, var token) -> {
                Choice choice = choices.get(number);
                if (choice.finished()) {
                    yield new Added(choice, "");
                }
                String text = choice.add(token);
                if (choice.finished()) {
                    generated.stop(number);
                }
                yield new Added(choice, text);
            }
            case GeneratedCall.Event.Broken(String cause) -> {
                if (begun) {
                    throw new IOException("generation broke: " + cause);
                }
                throw RefusedCallException.server(500, "generation_failed", cause);
            }
        };
    }

    private boolean finished() {
        return choices.stream().allMatch(Choice::finished);
    }

    private OutputStream begin(String contentType) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", contentType);
        exchange.sendResponseHeaders(200, 0);
        return exchange.getResponseBody();
    }

    private static void event(OutputStream out, String data) throws IOException {
        out.write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}

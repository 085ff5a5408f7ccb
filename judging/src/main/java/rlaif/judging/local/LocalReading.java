package rlaif.judging.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import rlaif.judging.ReadingMode;
import rlaif.judging.Reply;
import rlaif.models.Tokenizer;

/// One judge prompt put to a local model: its tokens where it fits, and what went back and forth.
final class LocalReading {
    /// A label is read only where the label tokens together have at least this probability.
    static final double LEAST_COVERED_MASS = 0.9;

    private static final int SHOWN = 20; // likeliest tokens
    private static final int MAX_CHARACTERS_PER_TOKEN = 64; // of a text worth tokenizing
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LocalModel model;
    private final String text;
    private final long started = System.nanoTime();

    LocalReading(LocalModel model, String text) {
        this.model = model;
        this.text = text;
    }

    /// The prompt's tokens, or the refusal of one that is longer than the model reads.
    sealed interface Tokens {
        @SuppressWarnings("ArrayRecordComponent") // owned by the reader, never compared
        record Fit(int[] ids) implements Tokens {}

        record TooLong(Reply.Refused refusal) implements Tokens {}
    }

    /// @param room tokens that must fit behind the prompt
    Tokens tokens(int room) {
        int most = model.maxTokens() - room;
        if (text.length() > (long) most * MAX_CHARACTERS_PER_TOKEN) {
            return tooLong("%d characters".formatted(text.length()), most);
        }
        int[] ids = model.tokenizer().encodePrompt(text);
        return ids.length > most
                ? tooLong("%d tokens".formatted(ids.length), most)
                : new Tokens.Fit(ids);
    }

    private static Tokens tooLong(String length, int most) {
        return new Tokens.TooLong(
                Reply.Refused.unasked(
                        "the judge prompt has %s, the model reads %d tokens; judge shorter completions, raise judge.local.maxTokens or use a model with a longer context"
                                .formatted(length, most)));
    }

    Reply.Exchange exchange(int[] ids, float[] logprobs) {
        return new Reply.Exchange(
                ReadingMode.LOGPROBS,
                "",
                text,
                likeliest(logprobs),
                Duration.ofNanos(System.nanoTime() - started),
                OptionalInt.of(ids.length),
                OptionalInt.of(1));
    }

    /// As an endpoint would write it: `top_logprobs`, the likeliest first.
    private String likeliest(float[] logprobs) {
        var least = new PriorityQueue<Integer>((a, b) -> Float.compare(logprobs[a], logprobs[b]));
        for (int id = 0; id < logprobs.length; id++) {
            if (least.size() < SHOWN || logprobs[id] > logprobs[least.element()]) {
                least.add(id);
                if (least.size() > SHOWN) {
                    least.remove();
                }
            }
        }
        ObjectNode reply = JSON.createObjectNode();
        ArrayNode tokens = reply.putArray("top_logprobs");
        Tokenizer tokenizer = model.tokenizer();
        while (!least.isEmpty()) {
            int id = least.remove();
            tokens.insertObject(0)
                    .put("token", tokenizer.decode(new int[] {id}))
                    .put("logprob", logprobs[id]);
        }
        return reply.toString();
    }

    static boolean finite(float[] logprobs) {
        for (float logprob : logprobs) {
            if (Float.isNaN(logprob)) {
                return false;
            }
        }
        return true;
    }
}

package rlaif.models.serving;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import rlaif.models.GeneratedToken;

/// One completion of a call while its tokens come: its text, its logprobs, and why it ended.
final class Choice {

    /// A token and its rivals, as they are reported.
    ///
    /// @param text the token's piece of the text; special tokens by their names
    /// @param bytes that the token alone adds; empty where they are not known
    /// @param offset characters of the completion before it
    record Scored(
            String text, Optional<byte[]> bytes, float logprob, int offset, List<Rival> top) {}

    /// A token that could have stood there.
    record Rival(String text, Optional<byte[]> bytes, float logprob) {}

    private final int number;
    private final Call call;
    private final TokenText pieces;
    private final StopStrings stops;
    private final StringBuilder text = new StringBuilder();
    private final List<Scored> scored = new ArrayList<>();
    private int read; // characters of all pieces
    private int tokens;
    private String finishReason = "";

    Choice(int number, Call call) {
        this.number = number;
        this.call = call;
        this.pieces = new TokenText(call.model().tokenizer());
        this.stops = new StopStrings(call.stops());
    }

    /// Adds a token and gives the text that is certain now.
    String add(GeneratedToken token) {
        tokens++;
        if (call.logprobs()) {
            scored.add(scored(token));
        }
        StringBuilder certain = new StringBuilder();
        if (!token.end()) {
            String piece = pieces.add(token.id());
            read += piece.length();
            certain.append(stops.add(piece));
        }
        boolean last = tokens == call.settings().maxTokens();
        if (stops.found() || token.end()) {
            finishReason = "stop";
        } else if (last) {
            finishReason = "length";
        }
        if (finished() && !stops.found()) {
            certain.append(stops.add(pieces.rest()));
            certain.append(stops.rest());
        }
        text.append(certain);
        return certain.toString();
    }

    private Scored scored(GeneratedToken token) {
        int[] asked = new int[token.topIds().length + 1];
        asked[0] = token.id();
        System.arraycopy(token.topIds(), 0, asked, 1, token.topIds().length);
        List<String> texts = pieces.peek(asked);
        List<Rival> top = new ArrayList<>(token.topIds().length);
        for (int i = 0; i < token.topIds().length; i++) {
            String text = texts.get(i + 1);
            top.add(new Rival(text, bytes(token.topIds()[i], text), token.topLogprobs()[i]));
        }
        String text = texts.getFirst();
        return new Scored(text, bytes(token.id(), text), token.logprob(), read, top);
    }

    private Optional<byte[]> bytes(int token, String piece) {
        return call.model().bytes().of(token, piece);
    }

    int number() {
        return number;
    }

    boolean finished() {
        return !finishReason.isEmpty();
    }

    /// OpenAI's word for why it ended: stop or length; empty while it goes on.
    String finishReason() {
        return finishReason;
    }

    String text() {
        return text.toString();
    }

    /// Tokens so far, the end token included.
    int tokens() {
        return tokens;
    }

    List<Scored> scored() {
        return scored;
    }
}

package rlaif.judging.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import rlaif.judging.Bodies;
import rlaif.judging.Reply;

/// Calls to one model in the dialect of its endpoint.
///
/// @param deadline longest wait for one reply
/// @param seen told of every call when it has ended
record ModelCalls(
        EndpointClient client, Dialect dialect, Duration deadline, Consumer<Bodies> seen) {

    /// That nobody looks at.
    ModelCalls(EndpointClient client, Dialect dialect, Duration deadline) {
        this(client, dialect, deadline, _ -> {});
    }

    /// With the endpoint's deadline.
    ModelCalls(EndpointClient client, Dialect dialect) {
        this(client, dialect, client.endpoint().deadline());
    }

    ModelCalls seenBy(Consumer<Bodies> other) {
        return new ModelCalls(client, dialect, deadline, other);
    }

    /// One attempt.
    Called call(ModelCall call) throws InterruptedException {
        JudgeEndpoint endpoint = client.endpoint();
        String request = RequestBody.of(endpoint.model(), dialect, call);
        Answer answer = client.post(dialect.api(), request, deadline);
        seen.accept(new Bodies(request, body(answer, endpoint.apiKey())));
        return switch (answer) {
            case Answer.Complete(String body, Duration latency) ->
                    read(request, body, latency, endpoint.apiKey());
            case Answer.Rejected rejected ->
                    new Called.Failed(
                            Answer.failure(rejected),
                            OptionalInt.of(rejected.status()),
                            rejected.denial());
            case Answer.Forbidden(String cause) -> new Called.Failed(Reply.Refused.denied(cause));
            case Answer.TooLarge(String cause) -> new Called.Failed(new Reply.Refused(cause));
            case Answer.Broken(Reply.Obstacle obstacle, String cause) ->
                    new Called.Failed(new Reply.RetryLater(obstacle, cause, Duration.ZERO));
        };
    }

    private static String body(Answer answer, ApiKey key) {
        return switch (answer) {
            case Answer.Complete(String body, var _) -> key.removedFrom(body);
            case Answer.Rejected rejected -> rejected.excerpt();
            case Answer.Forbidden _, Answer.TooLarge _, Answer.Broken _ -> "";
        };
    }

    /// As many replies as the call wants, in as few calls as the endpoint allows.
    ///
    /// @param earlier what calls that belong to it spent before
    Gathered gather(ModelCall call, Spent earlier) throws InterruptedException {
        List<Called.Answered> answers = new ArrayList<>();
        Spent spent = earlier;
        int replies = 0;
        while (replies < call.choices()) {
            int missing = dialect.manyChoices() ? call.choices() - replies : 1;
            switch (call(call.part(missing, replies))) {
                case Called.Failed failed -> {
                    return new Gathered.Failed(failed.after(spent).reply());
                }
                case Called.Answered answered -> {
                    answers.add(answered.after(spent));
                    spent = answers.getLast().spent();
                    replies += answered.choices().choices().size();
                }
            }
        }
        return new Gathered.Replies(List.copyOf(answers));
    }

    private static Called read(String request, String body, Duration latency, ApiKey key) {
        return switch (ReplyBody.read(body, key)) {
            case ReplyBody.Unusable(Reply reply, Optional<Denial> denial) ->
                    new Called.Failed(reply, OptionalInt.empty(), denial);
            case ReplyBody.Choices choices ->
                    new Called.Answered(
                            choices,
                            request,
                            key.removedFrom(body),
                            new Spent(
                                    1,
                                    latency,
                                    choices.promptTokens(),
                                    choices.completionTokens()));
        };
    }
}

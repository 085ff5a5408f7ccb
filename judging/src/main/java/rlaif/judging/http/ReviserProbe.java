package rlaif.judging.http;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import rlaif.judging.ReadingMode;
import rlaif.judging.revision.CompletionToRevise;
import rlaif.judging.revision.RevisionPrompts;

/// Finds out, on a harmless completion, how an endpoint wants to be asked for a text: chat or
/// completions, which name of the token limit, a temperature or none.
///
/// One call where the endpoint speaks the standard dialect. What was tried, and what came of it, is
/// one line each.
public final class ReviserProbe {
    private final JudgeEndpoint endpoint;
    private final RevisionPrompts prompts;
    private final List<CompletionToRevise> completions;
    private final int maxTokens;
    private final ProbePatience patience;
    private final List<String> lines = new ArrayList<>();

    /// @param completions harmless; the later ones are shown where the endpoint refuses the earlier
    /// @param maxTokens longest text, at least 1
    public ReviserProbe(
            JudgeEndpoint endpoint,
            RevisionPrompts prompts,
            List<CompletionToRevise> completions,
            int maxTokens,
            ProbePatience patience) {
        if (completions.isEmpty()) {
            throw new IllegalArgumentException("a probe needs a completion to ask about");
        }
        this.endpoint = endpoint;
        this.prompts = prompts;
        this.completions = List.copyOf(completions);
        this.maxTokens = maxTokens;
        this.patience = patience;
    }

    /// Fails where no way of asking gets a text.
    public CapabilityProbe.Found run() throws InterruptedException, ProbeException {
        try (EndpointClient client = new EndpointClient(endpoint)) {
            ProbeCalls calls = new ProbeCalls(client, patience, lines);
            for (Api api : Api.values()) {
                for (int i = 0; i < completions.size(); i++) {
                    Dialect standard = Dialect.standard(api).withReading(ReadingMode.GRAMMAR);
                    ProbeCalls.Tried tried =
                            calls.adjusted(
                                    standard, critique(prompts.critique(completions.get(i))));
                    if (tried.called() instanceof Called.Answered answered) {
                        calls.say(api, "a critique was asked for: " + given(answered));
                        return calls.found(tried.dialect(), i);
                    }
                    calls.say(api, "no answer: " + tried.failure());
                    if (!tried.pairMayBeRefused()) {
                        break;
                    }
                }
            }
            throw ProbeException.noText(endpoint, lines, calls.trouble());
        }
    }

    private ModelCall critique(RevisionPrompts.Marked prompt) {
        return ModelCall.rationale(prompt.text(), maxTokens, 0, OptionalInt.empty());
    }

    private static String given(Called.Answered answered) {
        ReplyChoice choice = answered.choices().first();
        String text = choice.text().strip();
        return text.isEmpty()
                ? "an empty text came; such rollouts are refused and never trained on"
                : "%d characters came%s ('%s')"
                        .formatted(
                                text.length(),
                                choice.isCut() ? ", cut at the token limit" : "",
                                BodyExcerpt.of(text));
    }
}

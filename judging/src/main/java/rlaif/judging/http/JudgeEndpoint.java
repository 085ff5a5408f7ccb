package rlaif.judging.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;

/// An OpenAI-compatible endpoint and how it is asked.
///
/// @param name name of the judge in every label
/// @param baseUrl http or https, up to and with the API version: `http://127.0.0.1:8000/v1`
/// @param model model that the endpoint is asked for
/// @param deadline longest wait for one reply, from connecting to its last byte
public record JudgeEndpoint(
        String name, URI baseUrl, String model, ApiKey apiKey, Duration deadline) {

    private static final String NOT_SHOWN =
            "the rest is not shown: a key does not belong into a URL, name the environment variable"
                    + " that holds it in judge.apiKeyEnv or revise.apiKeyEnv";

    /// Deadline of {@link #of}.
    public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(60);

    public JudgeEndpoint {
        if (name.isBlank() || model.isBlank()) {
            throw new IllegalArgumentException(
                    "a judge needs a name and a model, got name '%s' and model '%s'"
                            .formatted(name, model));
        }
        if (baseUrl.getHost() == null
                || !("http".equals(baseUrl.getScheme()) || "https".equals(baseUrl.getScheme()))
                || baseUrl.getUserInfo() != null
                || baseUrl.getQuery() != null
                || baseUrl.getFragment() != null) {
            throw new IllegalArgumentException(
                    "judge URL must be http://host[:port][/path] or https://..., got scheme %s and host %s; %s"
                            .formatted(baseUrl.getScheme(), baseUrl.getHost(), NOT_SHOWN));
        }
        LinkLocal.refusalOfLiteral(baseUrl.getHost())
                .ifPresent(refusal -> {
                    throw new IllegalArgumentException(refusal);
                });
        if (deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException("deadline must be above 0, got " + deadline);
        }
    }

    /// An endpoint without a key.
    public static JudgeEndpoint of(String name, URI baseUrl, String model) {
        return new JudgeEndpoint(name, baseUrl, model, ApiKey.none(), DEFAULT_DEADLINE);
    }

    /// The same at another address.
    public JudgeEndpoint at(URI otherUrl) {
        return new JudgeEndpoint(name, otherUrl, model, apiKey, deadline);
    }

    /// The URL that a text is. What is none is not repeated, as it may hold a key.
    ///
    /// @throws IllegalArgumentException if it is none
    public static URI url(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "judge URL is no URL: %s at its character %d; %s"
                            .formatted(e.getReason(), e.getIndex() + 1, NOT_SHOWN));
        }
    }

    /// Why the host must not be called, with what it resolves to now; empty: it may.
    public Optional<String> refusal() {
        return LinkLocal.refusal(baseUrl.getHost());
    }

    URI uri(Api api) {
        String base = baseUrl.toString();
        return URI.create((base.endsWith("/") ? base : base + "/") + api.path());
    }
}

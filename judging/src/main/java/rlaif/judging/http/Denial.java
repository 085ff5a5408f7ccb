package rlaif.judging.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What a refusal says of the caller and not of what was asked: its key, its quota, its rights, the
/// address or the model; told by the status, else by the code that OpenAI and Gemini put into the
/// error.
///
/// It need not be right: a gateway may mean a single request by status 403. So a denial is held
/// until it is known whether others are let in.
enum Denial {
    KEY("the API key is not accepted"),
    QUOTA("the quota is used up"),
    ACCESS("access is not allowed"),
    MODEL("no such address or model");

    private static final List<String> FIELDS = List.of("code", "type", "status", "reason");
    private static final Set<String> KEY_CODES =
            Set.of("invalid_api_key", "api_key_invalid", "account_deactivated");
    private static final Set<String> QUOTA_CODES =
            Set.of("insufficient_quota", "billing_hard_limit_reached", "billing_not_active");
    private static final String MODEL_CODE = "model_not_found";

    private final String words;

    Denial(String words) {
        this.words = words;
    }

    /// For whoever reads of it.
    String words() {
        return words;
    }

    /// Empty: the refusal says nothing of the caller.
    ///
    /// @param body of the reply, JSON or not
    static Optional<Denial> in(int status, String body) {
        if (status < 400 || status >= 500) {
            return Optional.empty();
        }
        try {
            return in(status, ReplyBody.JSON.readTree(body));
        } catch (JsonProcessingException e) {
            return byStatus(status);
        }
    }

    /// The same of a body that was read.
    static Optional<Denial> in(int status, JsonNode body) {
        Set<String> codes = new HashSet<>();
        for (String field : FIELDS) {
            body.findValuesAsText(field).forEach(code -> codes.add(code.toLowerCase(Locale.ROOT)));
        }
        if (codes.stream().anyMatch(QUOTA_CODES::contains)) {
            return Optional.of(QUOTA);
        }
        if (codes.stream().anyMatch(KEY_CODES::contains)) {
            return Optional.of(KEY);
        }
        return codes.contains(MODEL_CODE) ? Optional.of(MODEL) : byStatus(status);
    }

    private static Optional<Denial> byStatus(int status) {
        return switch (status) {
            case 401, 407 -> Optional.of(KEY);
            case 402 -> Optional.of(QUOTA);
            case 403 -> Optional.of(ACCESS);
            case 404, 405, 410 -> Optional.of(MODEL);
            default -> Optional.empty();
        };
    }
}

package rlaif.judging.http;

/// The request field by which an endpoint is told how many tokens a reply may have.
public enum TokenLimit {
    MAX_TOKENS("max_tokens"),
    /// OpenAI's newer models refuse the older name.
    MAX_COMPLETION_TOKENS("max_completion_tokens");

    private final String field;

    TokenLimit(String field) {
        this.field = field;
    }

    String field() {
        return field;
    }
}

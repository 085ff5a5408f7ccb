package rlaif.judging.http;

/// Which of OpenAI's two endpoints a model is asked through.
public enum Api {
    /// Messages in, a message out; the server applies the model's chat template.
    CHAT("chat/completions"),
    /// A text in, its continuation out; for models without a chat template.
    COMPLETIONS("completions");

    private final String path;

    Api(String path) {
        this.path = path;
    }

    /// Path below the base URL.
    public String path() {
        return path;
    }
}

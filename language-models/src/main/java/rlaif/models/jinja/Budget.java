package rlaif.models.jinja;

/// What one rendering may still do: steps of work, where a step is about a character copied or an
/// expression evaluated, so that the time of a rendering is bounded whatever its template does.
final class Budget {

    private static final int DEEPEST = 500;

    private long steps;
    private int depth;

    Budget(long steps) {
        this.steps = steps;
    }

    /// Takes steps away before they are made.
    void spend(long wanted) {
        if (wanted < 0 || wanted > steps) {
            throw new JinjaException("the template does more work than is allowed");
        }
        steps -= wanted;
    }

    /// Begins something that may hold or call itself.
    void enter() {
        depth++;
        if (depth > DEEPEST) {
            throw new JinjaException("the template is nested too deeply or calls itself");
        }
        spend(1);
    }

    void leave() {
        depth--;
    }
}

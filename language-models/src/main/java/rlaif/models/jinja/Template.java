package rlaif.models.jinja;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;

/// A template that has been read. Safe for several threads.
///
/// Whatever it says, reading and rendering it end soon: its length, its nesting, its work and its
/// output are limited.
public final class Template {

    private static final int LONGEST_SOURCE = 1_000_000;
    private static final int LONGEST_OUTPUT = 2_000_000;
    private static final long MOST_STEPS = 20_000_000;

    private final List<Statement> statements;

    private Template(List<Statement> statements) {
        this.statements = statements;
    }

    /// @throws JinjaException with the line where it cannot be read
    public static Template parse(String source) {
        if (source.length() > LONGEST_SOURCE) {
            throw new JinjaException(
                    "the template is longer than " + LONGEST_SOURCE + " characters");
        }
        return new Template(TemplateParser.parse(source));
    }

    /// The text that comes of these values.
    ///
    /// @param now what `strftime_now` tells
    /// @throws JinjaException if it fails, does more than is allowed, or calls `raise_exception`
    public String render(Map<String, Value> values, LocalDateTime now) {
        Budget budget = new Budget(MOST_STEPS);
        Scope scope = Scope.of(Functions.all(budget, now)).inner();
        values.forEach(scope::set);
        return new Renderer(budget, LONGEST_OUTPUT).render(statements, scope);
    }
}

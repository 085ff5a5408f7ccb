package rlaif.models.jinja;

import java.util.List;
import java.util.Optional;

/// What a template does.
sealed interface Statement {

    /// Text that goes out as it is.
    record Data(String text) implements Statement {}

    /// `{{ expression }}`
    record Output(Expression expression) implements Statement {}

    /// `{% if %}` with its branches in order; `otherwise` may be empty.
    record If(List<Branch> branches, List<Statement> otherwise) implements Statement {

        /// A condition and what it guards.
        record Branch(Expression condition, List<Statement> body) {}
    }

    /// `{% for targets in items if filter recursive %}`
    record For(
            List<String> targets,
            Expression items,
            Optional<Expression> filter,
            boolean recursive,
            List<Statement> body,
            List<Statement> otherwise)
            implements Statement {}

    /// `{% break %}`
    record Break() implements Statement {}

    /// `{% continue %}`
    record Continue() implements Statement {}

    /// `{% set a, b = expression %}`
    record Set(List<String> targets, Expression expression) implements Statement {}

    /// `{% set namespace.attribute = expression %}`
    record SetAttribute(String namespace, String attribute, Expression expression)
            implements Statement {}

    /// `{% set target | filter %}body{% endset %}`: `filter` filters {@link #FILTERED}.
    record SetBody(String target, Optional<Expression> filter, List<Statement> body)
            implements Statement {}

    /// `{% with a = expression, b = expression %}body{% endwith %}`
    record With(List<Given> given, List<Statement> body) implements Statement {

        /// A name and what it stands for, told outside of the body.
        record Given(String name, Expression expression) {}
    }

    /// `{% filter name %}body{% endfilter %}`: `expression` filters {@link #FILTERED}.
    record FilterBody(Expression expression, List<Statement> body) implements Statement {}

    /// `{% macro name(parameters) %}body{% endmacro %}`
    record Macro(String name, List<Parameter> parameters, List<Statement> body)
            implements Statement {

        /// A parameter and what it is when it is not given.
        record Parameter(String name, Optional<Expression> absent) {}
    }

    /// `{% call(parameters) macro(arguments) %}body{% endcall %}`: `call` is given {@link #CALLER},
    /// the body as a macro, as its argument `caller`.
    record CallBody(Macro body, Expression call) implements Statement {}

    /// The name under which the body of a call is known.
    String CALLER = " caller";

    /// The name under which a filtered body's text is known.
    String FILTERED = " filtered";
}

package rlaif.models.jinja;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What stands in a template for a value.
sealed interface Expression {

    /// A value that is written out.
    record Constant(Value value) implements Expression {}

    /// A name that stands for a value.
    record Name(String name) implements Expression {}

    /// `[...]` or `(..., ...)`
    record Sequence(List<Expression> items, boolean tuple) implements Expression {}

    /// `{key: value}`
    record Mapping(List<Entry> entries) implements Expression {

        /// One key and its value.
        record Entry(Expression key, Expression value) {}
    }

    /// `of.name`
    record Attribute(Expression of, String name) implements Expression {}

    /// `of[key]`
    record Item(Expression of, Expression key) implements Expression {}

    /// `of[from:to:step]`
    record Slice(
            Expression of,
            Optional<Expression> from,
            Optional<Expression> to,
            Optional<Expression> step)
            implements Expression {}

    /// The arguments of a call.
    record Given(List<Expression> positional, Map<String, Expression> named) {}

    /// `of(arguments)`
    record Call(Expression of, Given given) implements Expression {}

    /// `of | name(arguments)`
    record Filter(Expression of, String name, Given given) implements Expression {}

    /// `of is name(arguments)`
    record Test(Expression of, String name, Given given) implements Expression {}

    /// `not of`
    record Not(Expression of) implements Expression {}

    /// `-of` or `+of`
    record Sign(Expression of, boolean negative) implements Expression {}

    /// `left operator right`, for arithmetic and `~`
    record Arithmetic(String operator, Expression left, Expression right) implements Expression {}

    /// `left and right`
    record And(Expression left, Expression right) implements Expression {}

    /// `left or right`
    record Or(Expression left, Expression right) implements Expression {}

    /// `first operator operand operator operand ...`; true when each pair of neighbours compares
    /// so.
    record Comparison(Expression first, List<Compared> rest) implements Expression {

        /// One operator and what stands right of it.
        record Compared(String operator, Expression right) {}
    }

    /// `then if condition else otherwise`
    record Choice(Expression condition, Expression then, Optional<Expression> otherwise)
            implements Expression {}
}

package rlaif.models.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;

/// Reads expressions, from the loosest binding operator (`if`) to the tightest (`.`), as Jinja2's
/// own parser orders them.
final class ExpressionParser {

    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<String> ENDS_TEST =
            Set.of("else", "or", "and", "if", "is", "in", "not");

    private final TokenReader tokens;

    ExpressionParser(TokenReader tokens) {
        this.tokens = tokens;
    }

    /// An expression, or several with commas: a tuple.
    Expression tuple() {
        return tuple(expression());
    }

    private Expression tuple(Expression first) {
        if (!tokens.atOperator(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (tokens.passOperator(",") && !endsTuple()) {
            items.add(expression());
        }
        return new Expression.Sequence(items, true);
    }

    private boolean endsTuple() {
        return tokens.atOperator(")")
                || tokens.atOperator("=")
                || tokens.peek().kind() == Token.Kind.TAG_END
                || tokens.peek().kind() == Token.Kind.OUTPUT_END;
    }

    Expression expression() {
        tokens.enter();
        Expression expression = withoutChoice();
        while (tokens.passName("if")) {
            Expression condition = withoutChoice();
            Optional<Expression> otherwise =
                    tokens.passName("else") ? Optional.of(expression()) : Optional.empty();
            expression = new Expression.Choice(condition, expression, otherwise);
        }
        tokens.leave();
        return expression;
    }

    /// An expression that a following `if` does not belong to.
    Expression withoutChoice() {
        Expression left = and();
        while (tokens.passName("or")) {
            left = new Expression.Or(left, and());
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (tokens.passName("and")) {
            left = new Expression.And(left, not());
        }
        return left;
    }

    private Expression not() {
        if (!tokens.passName("not")) {
            return comparison();
        }
        tokens.enter();
        Expression of = not();
        tokens.leave();
        return new Expression.Not(of);
    }

    private Expression comparison() {
        Expression first = sum();
        List<Expression.Comparison.Compared> rest = new ArrayList<>();
        while (true) {
            if (tokens.peek().kind() == Token.Kind.OPERATOR
                    && COMPARISONS.contains(tokens.peek().text())) {
                String operator = tokens.next().text();
                rest.add(new Expression.Comparison.Compared(operator, sum()));
            } else if (tokens.passName("in")) {
                rest.add(new Expression.Comparison.Compared("in", sum()));
            } else if (tokens.atName("not")) {
                tokens.next();
                if (!tokens.passName("in")) {
                    throw tokens.wrong("'in' is missing after 'not'");
                }
                rest.add(new Expression.Comparison.Compared("not in", sum()));
            } else {
                return rest.isEmpty() ? first : new Expression.Comparison(first, rest);
            }
        }
    }

    private Expression sum() {
        Expression left = joined();
        while (tokens.atOperator("+") || tokens.atOperator("-")) {
            left = new Expression.Arithmetic(tokens.next().text(), left, joined());
        }
        return left;
    }

    private Expression joined() {
        Expression left = product();
        while (tokens.passOperator("~")) {
            left = new Expression.Arithmetic("~", left, product());
        }
        return left;
    }

    private Expression product() {
        Expression left = power();
        while (tokens.atOperator("*")
                || tokens.atOperator("/")
                || tokens.atOperator("//")
                || tokens.atOperator("%")) {
            left = new Expression.Arithmetic(tokens.next().text(), left, power());
        }
        return left;
    }

    private Expression power() {
        Expression left = unary(true);
        while (tokens.passOperator("**")) {
            left = new Expression.Arithmetic("**", left, unary(true));
        }
        return left;
    }

    private Expression unary(boolean filtered) {
        tokens.enter();
        Expression expression;
        if (tokens.atOperator("-") || tokens.atOperator("+")) {
            boolean negative = tokens.next().text().equals("-");
            expression = new Expression.Sign(unary(false), negative);
        } else {
            expression = primary();
        }
        expression = postfixes(expression);
        tokens.leave();
        return filtered ? filters(expression) : expression;
    }

    private Expression primary() {
        Token token = tokens.next();
        return switch (token.kind()) {
            case NAME -> name(token.text());
            case STRING -> {
                StringBuilder text = new StringBuilder(token.text());
                while (tokens.peek().kind() == Token.Kind.STRING) {
                    text.append(tokens.next().text());
                }
                yield new Expression.Constant(Value.of(text.toString()));
            }
            case INTEGER -> new Expression.Constant(integer(token));
            case REAL -> new Expression.Constant(new Value.Real(Double.parseDouble(token.text())));
            case OPERATOR -> bracketed(token);
            case DATA, OUTPUT_BEGIN, OUTPUT_END, TAG_BEGIN, TAG_END, END ->
                    throw new JinjaException(
                            "line "
                                    + token.line()
                                    + ": an expression is missing before '"
                                    + token.text()
                                    + "'");
        };
    }

    private static Expression name(String name) {
        return switch (name) {
            case "true", "True" -> new Expression.Constant(Value.TRUE);
            case "false", "False" -> new Expression.Constant(Value.FALSE);
            case "none", "None" -> new Expression.Constant(Value.NONE);
            default -> new Expression.Name(name);
        };
    }

    private static Value integer(Token token) {
        try {
            return PythonNumber.value(PythonNumber.whole(token.text(), 0).orElseThrow());
        } catch (JinjaException | NoSuchElementException e) {
            throw new JinjaException(
                    "line " + token.line() + ": " + token.text() + " is too large");
        }
    }

    private Expression bracketed(Token token) {
        return switch (token.text()) {
            case "(" -> {
                if (tokens.passOperator(")")) {
                    yield new Expression.Sequence(List.of(), true);
                }
                Expression inner = tuple();
                tokens.expectOperator(")");
                yield inner;
            }
            case "[" -> {
                List<Expression> items = new ArrayList<>();
                while (!tokens.passOperator("]")) {
                    items.add(expression());
                    if (!tokens.atOperator("]")) {
                        tokens.expectOperator(",");
                    }
                }
                yield new Expression.Sequence(items, false);
            }
            case "{" -> {
                List<Expression.Mapping.Entry> entries = new ArrayList<>();
                while (!tokens.passOperator("}")) {
                    Expression key = expression();
                    tokens.expectOperator(":");
                    entries.add(new Expression.Mapping.Entry(key, expression()));
                    if (!tokens.atOperator("}")) {
                        tokens.expectOperator(",");
                    }
                }
                yield new Expression.Mapping(entries);
            }
            default ->
                    throw new JinjaException(
                            "line " + token.line() + ": unexpected '" + token.text() + "'");
        };
    }

    private Expression postfixes(Expression first) {
        Expression expression = first;
        while (true) {
            if (tokens.passOperator(".")) {
                Token name = tokens.next();
                expression =
                        switch (name.kind()) {
                            case NAME -> new Expression.Attribute(expression, name.text());
                            case INTEGER ->
                                    new Expression.Item(
                                            expression, new Expression.Constant(integer(name)));
                            default -> throw tokens.wrong("a name is missing after '.'");
                        };
            } else if (tokens.passOperator("[")) {
                expression = subscript(expression);
            } else if (tokens.atOperator("(")) {
                expression = new Expression.Call(expression, given());
            } else {
                return expression;
            }
        }
    }

    private Expression subscript(Expression of) {
        Optional<Expression> from = sliceBound();
        if (from.isPresent() && tokens.passOperator("]")) {
            return new Expression.Item(of, from.get());
        }
        tokens.expectOperator(":");
        Optional<Expression> to = sliceBound();
        Optional<Expression> step = tokens.passOperator(":") ? sliceBound() : Optional.empty();
        tokens.expectOperator("]");
        return new Expression.Slice(of, from, to, step);
    }

    private Optional<Expression> sliceBound() {
        return tokens.atOperator(":") || tokens.atOperator("]")
                ? Optional.empty()
                : Optional.of(expression());
    }

    private Expression filters(Expression first) {
        Expression expression = first;
        while (true) {
            if (tokens.passOperator("|")) {
                expression = filter(expression);
            } else if (tokens.passName("is")) {
                expression = test(expression);
            } else if (tokens.atOperator("(")) {
                expression = new Expression.Call(expression, given());
            } else {
                return expression;
            }
        }
    }

    /// `name(arguments)` behind a `|`, and further filters behind it.
    Expression filter(Expression of) {
        String name = tokens.expect(Token.Kind.NAME);
        return new Expression.Filter(of, name, tokens.atOperator("(") ? given() : none());
    }

    private Expression test(Expression of) {
        boolean negated = tokens.passName("not");
        String name = tokens.expect(Token.Kind.NAME);
        Expression.Given given = none();
        if (tokens.atOperator("(")) {
            given = given();
        } else if (beginsArgument()) {
            given = new Expression.Given(List.of(postfixes(primary())), Map.of());
        }
        Expression test = new Expression.Test(of, name, given);
        return negated ? new Expression.Not(test) : test;
    }

    private boolean beginsArgument() {
        Token next = tokens.peek();
        return switch (next.kind()) {
            case NAME -> !ENDS_TEST.contains(next.text());
            case STRING, INTEGER, REAL -> true;
            case OPERATOR -> next.text().equals("[") || next.text().equals("{");
            case DATA, OUTPUT_BEGIN, OUTPUT_END, TAG_BEGIN, TAG_END, END -> false;
        };
    }

    private static Expression.Given none() {
        return new Expression.Given(List.of(), Map.of());
    }

    private Expression.Given given() {
        tokens.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        while (!tokens.passOperator(")")) {
            Expression argument = expression();
            if (argument instanceof Expression.Name(String name) && tokens.passOperator("=")) {
                named.put(name, expression());
            } else if (named.isEmpty()) {
                positional.add(argument);
            } else {
                throw tokens.wrong("an argument without a name follows one with a name");
            }
            if (!tokens.atOperator(")")) {
                tokens.expectOperator(",");
            }
        }
        return new Expression.Given(positional, named);
    }
}

package rlaif.models.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads statements.
final class TemplateParser {

    private final TokenReader tokens;
    private final ExpressionParser expressions;
    private int loops;

    private TemplateParser(String source) {
        tokens = new TokenReader(Lexer.tokens(source));
        expressions = new ExpressionParser(tokens);
    }

    static List<Statement> parse(String source) {
        TemplateParser parser = new TemplateParser(source);
        List<Statement> statements = parser.until(Set.of());
        if (parser.tokens.peek().kind() != Token.Kind.END) {
            throw parser.tokens.wrong("unexpected '" + parser.tokens.peek().text() + "'");
        }
        return statements;
    }

    /// Statements up to one of these tags, whose name is then next, or to the end.
    private List<Statement> until(Set<String> ends) {
        tokens.enter();
        List<Statement> statements = new ArrayList<>();
        while (true) {
            Token token = tokens.peek();
            switch (token.kind()) {
                case DATA -> statements.add(new Statement.Data(tokens.next().text()));
                case OUTPUT_BEGIN -> {
                    tokens.next();
                    statements.add(new Statement.Output(expressions.tuple()));
                    tokens.expect(Token.Kind.OUTPUT_END);
                }
                case TAG_BEGIN -> {
                    tokens.next();
                    if (ends.contains(tokens.peek().text())) {
                        tokens.leave();
                        return statements;
                    }
                    statements.addAll(statement());
                }
                case END -> {
                    if (!ends.isEmpty()) {
                        throw tokens.wrong("one of " + ends + " is missing");
                    }
                    tokens.leave();
                    return statements;
                }
                case OUTPUT_END, TAG_END, NAME, STRING, INTEGER, REAL, OPERATOR ->
                        throw tokens.wrong("unexpected '" + token.text() + "'");
            }
        }
    }

    private List<Statement> statement() {
        String tag = tokens.expect(Token.Kind.NAME);
        return switch (tag) {
            case "if" -> List.of(condition());
            case "for" -> List.of(loop());
            case "set" -> List.of(assignment());
            case "macro" -> List.of(macro());
            case "filter" -> List.of(filtered());
            case "with" -> List.of(with());
            case "call" -> List.of(called());
            case "generation" -> {
                endTag();
                yield body("endgeneration");
            }
            case "break" -> {
                requireLoop(tag);
                yield List.of(new Statement.Break());
            }
            case "continue" -> {
                requireLoop(tag);
                yield List.of(new Statement.Continue());
            }
            default -> throw tokens.wrong("tag '" + tag + "' is unknown");
        };
    }

    private void requireLoop(String tag) {
        if (loops == 0) {
            throw tokens.wrong(tag + " stands outside of a loop");
        }
        endTag();
    }

    private Statement condition() {
        List<Statement.If.Branch> branches = new ArrayList<>();
        List<Statement> otherwise = List.of();
        String tag = "if";
        while (!tag.equals("endif")) {
            if (tag.equals("else")) {
                otherwise = body("endif");
                return new Statement.If(branches, otherwise);
            }
            Expression condition = expressions.tuple();
            endTag();
            List<Statement> body = until(Set.of("elif", "else", "endif"));
            branches.add(new Statement.If.Branch(condition, body));
            tag = tokens.next().text();
            if (!tag.equals("elif")) {
                endTag();
            }
        }
        return new Statement.If(branches, otherwise);
    }

    private Statement loop() {
        List<String> targets = targets();
        if (!tokens.passName("in")) {
            throw tokens.wrong("'in' is missing");
        }
        Expression items = expressions.withoutChoice();
        Optional<Expression> filter =
                tokens.passName("if") ? Optional.of(expressions.expression()) : Optional.empty();
        boolean recursive = tokens.passName("recursive");
        endTag();
        loops++;
        List<Statement> body = until(Set.of("else", "endfor"));
        loops--;
        boolean otherwise = tokens.next().text().equals("else");
        endTag();
        return new Statement.For(
                targets, items, filter, recursive, body, otherwise ? body("endfor") : List.of());
    }

    private Statement assignment() {
        String first = tokens.expect(Token.Kind.NAME);
        if (tokens.passOperator(".")) {
            String attribute = tokens.expect(Token.Kind.NAME);
            tokens.expectOperator("=");
            Expression expression = expressions.tuple();
            endTag();
            return new Statement.SetAttribute(first, attribute, expression);
        }
        List<String> targets = new ArrayList<>(List.of(first));
        while (tokens.passOperator(",")) {
            targets.add(tokens.expect(Token.Kind.NAME));
        }
        if (tokens.passOperator("=")) {
            Expression expression = expressions.tuple();
            endTag();
            return new Statement.Set(targets, expression);
        }
        Optional<Expression> filter =
                tokens.atOperator("|")
                        ? Optional.of(filtersOf(new Expression.Name(Statement.FILTERED)))
                        : Optional.empty();
        endTag();
        return new Statement.SetBody(first, filter, body("endset"));
    }

    private Statement macro() {
        String name = tokens.expect(Token.Kind.NAME);
        tokens.expectOperator("(");
        List<Statement.Macro.Parameter> parameters = parameters();
        endTag();
        return new Statement.Macro(name, parameters, macroBody("endmacro"));
    }

    private Statement called() {
        List<Statement.Macro.Parameter> parameters =
                tokens.passOperator("(") ? parameters() : List.of();
        if (!(expressions.expression() instanceof Expression.Call(var of, var given))) {
            throw tokens.wrong("call needs a macro with its arguments");
        }
        Map<String, Expression> named = new LinkedHashMap<>(given.named());
        named.put("caller", new Expression.Name(Statement.CALLER));
        endTag();
        return new Statement.CallBody(
                new Statement.Macro("caller", parameters, macroBody("endcall")),
                new Expression.Call(of, new Expression.Given(given.positional(), named)));
    }

    /// The parameters behind an open bracket, which is closed.
    private List<Statement.Macro.Parameter> parameters() {
        List<Statement.Macro.Parameter> parameters = new ArrayList<>();
        while (!tokens.passOperator(")")) {
            String parameter = tokens.expect(Token.Kind.NAME);
            Optional<Expression> absent =
                    tokens.passOperator("=")
                            ? Optional.of(expressions.expression())
                            : Optional.empty();
            parameters.add(new Statement.Macro.Parameter(parameter, absent));
            if (!tokens.atOperator(")")) {
                tokens.expectOperator(",");
            }
        }
        return parameters;
    }

    /// A body that no loop around it is the loop of.
    private List<Statement> macroBody(String end) {
        int outer = loops;
        loops = 0;
        List<Statement> body = body(end);
        loops = outer;
        return body;
    }

    private Statement with() {
        List<Statement.With.Given> given = new ArrayList<>();
        while (tokens.peek().kind() != Token.Kind.TAG_END) {
            if (!given.isEmpty()) {
                tokens.expectOperator(",");
            }
            String name = tokens.expect(Token.Kind.NAME);
            tokens.expectOperator("=");
            given.add(new Statement.With.Given(name, expressions.expression()));
        }
        endTag();
        return new Statement.With(given, body("endwith"));
    }

    private Statement filtered() {
        Expression expression =
                filtersOf(expressions.filter(new Expression.Name(Statement.FILTERED)));
        endTag();
        return new Statement.FilterBody(expression, body("endfilter"));
    }

    private Expression filtersOf(Expression filtered) {
        Expression expression = filtered;
        while (tokens.passOperator("|")) {
            expression = expressions.filter(expression);
        }
        return expression;
    }

    private List<Statement> body(String end) {
        List<Statement> body = until(Set.of(end));
        tokens.next();
        endTag();
        return body;
    }

    private List<String> targets() {
        boolean bracket = tokens.passOperator("(");
        List<String> targets = new ArrayList<>(List.of(tokens.expect(Token.Kind.NAME)));
        while (tokens.passOperator(",")) {
            targets.add(tokens.expect(Token.Kind.NAME));
        }
        if (bracket) {
            tokens.expectOperator(")");
        }
        return targets;
    }

    private void endTag() {
        tokens.expect(Token.Kind.TAG_END);
    }
}

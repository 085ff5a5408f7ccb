package rlaif.models.jinja;

import java.util.List;

/// Goes through tokens one by one.
final class TokenReader {

    private static final int DEEPEST = 100;

    private final List<Token> tokens;
    private int at;
    private int depth;

    TokenReader(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(at);
    }

    Token next() {
        Token token = tokens.get(at);
        if (token.kind() != Token.Kind.END) {
            at++;
        }
        return token;
    }

    boolean at(Token.Kind kind, String text) {
        return peek().is(kind, text);
    }

    boolean atOperator(String text) {
        return at(Token.Kind.OPERATOR, text);
    }

    boolean atName(String text) {
        return at(Token.Kind.NAME, text);
    }

    /// Passes an operator if it is here.
    boolean passOperator(String text) {
        return pass(Token.Kind.OPERATOR, text);
    }

    /// Passes a name if it is here.
    boolean passName(String text) {
        return pass(Token.Kind.NAME, text);
    }

    void expectOperator(String text) {
        if (!passOperator(text)) {
            throw wrong("'" + text + "' is missing before '" + peek().text() + "'");
        }
    }

    String expect(Token.Kind kind) {
        if (peek().kind() != kind) {
            throw wrong("unexpected '" + peek().text() + "'");
        }
        return next().text();
    }

    /// Counts how deeply what is read is nested.
    void enter() {
        depth++;
        if (depth > DEEPEST) {
            throw wrong("nested too deeply");
        }
    }

    void leave() {
        depth--;
    }

    JinjaException wrong(String what) {
        return new JinjaException("line " + peek().line() + ": " + what);
    }

    private boolean pass(Token.Kind kind, String text) {
        boolean here = at(kind, text);
        if (here) {
            at++;
        }
        return here;
    }
}

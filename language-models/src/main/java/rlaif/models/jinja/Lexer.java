package rlaif.models.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cuts a template's source into tokens, whitespace control applied: a tag's `-` strips all that is
/// beside it; else a statement or comment takes the newline behind it (`trim_blocks`) and the
/// blanks before it on its line (`lstrip_blocks`), and `+` keeps them.
final class Lexer {

    private static final Pattern OPENING = Pattern.compile("\\{\\{|\\{%|\\{#");
    private static final Pattern RAW = Pattern.compile("\\{%[-+]?\\s*raw\\s*(-%\\}\\s*|%\\})");
    private static final Pattern END_RAW =
            Pattern.compile("\\{%([-+]?)\\s*endraw\\s*(?:\\+%\\}|-%\\}\\s*|%\\}\\n?)");
    private static final Pattern COMMENT_END = Pattern.compile("\\+#\\}|-#\\}\\s*|#\\}\\n?");
    private static final Pattern TAG_END = Pattern.compile("\\+%\\}|-%\\}\\s*|%\\}\\n?");
    private static final Pattern OUTPUT_END = Pattern.compile("-\\}\\}\\s*|\\}\\}");
    private static final Pattern BLANK = Pattern.compile("\\s+");
    private static final Pattern REAL =
            Pattern.compile(
                    "\\d[\\d_]*+(?:\\.\\d[\\d_]*+(?:[eE][+-]?\\d[\\d_]*+)?|[eE][+-]?\\d[\\d_]*+)");
    private static final Pattern INTEGER =
            Pattern.compile(
                    "0[xX][0-9a-fA-F_]++|0[oO][0-7_]++|0[bB][01_]++|0[0_]*+(?![1-9])|[1-9][\\d_]*+");
    private static final Pattern STRAY_UNDERSCORE = Pattern.compile("__|_$|_[.eE]");
    private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");
    private static final Pattern OPERATOR =
            Pattern.compile("\\*\\*|//|==|!=|<=|>=|[-+*/%~<>=.,:|()\\[\\]{}]");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int counted; // characters whose newlines are in `lines`
    private int lines = 1;
    private boolean lineStarts = true; // whether `at` begins a line for `lstrip_blocks`

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String source) {
        String lines = source.replace("\r\n", "\n").replace('\r', '\n');
        return new Lexer(lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines)
                .run();
    }

    private List<Token> run() {
        Matcher opening = OPENING.matcher(source);
        while (opening.find(at)) {
            int begin = opening.start();
            String text = source.substring(at, begin);
            Matcher raw = RAW.matcher(source).region(begin, source.length());
            at = begin + 2;
            char control = at < source.length() ? source.charAt(at) : ' ';
            boolean output = opening.group().equals("{{");
            add(Token.Kind.DATA, before(text, control, output));
            if (control == '-' || control == '+') {
                at++;
            }
            if (raw.lookingAt()) {
                at = raw.end();
                readRaw();
            } else if (opening.group().equals("{#")) {
                skipComment();
            } else if (output) {
                add(Token.Kind.OUTPUT_BEGIN, "{{");
                readTag(OUTPUT_END, Token.Kind.OUTPUT_END);
            } else {
                add(Token.Kind.TAG_BEGIN, "{%");
                readTag(TAG_END, Token.Kind.TAG_END);
            }
        }
        add(Token.Kind.DATA, source.substring(at));
        at = source.length();
        add(Token.Kind.END, "end of template");
        return tokens;
    }

    /// The text before a tag, stripped as the tag says.
    private String before(String text, char control, boolean output) {
        if (control == '-') {
            return text.stripTrailing();
        }
        if (control == '+' || output) {
            return text;
        }
        int line = text.lastIndexOf('\n') + 1;
        boolean onlyBlanks = text.substring(line).isBlank();
        return onlyBlanks && (line > 0 || lineStarts) ? text.substring(0, line) : text;
    }

    private void skipComment() {
        Matcher end = COMMENT_END.matcher(source);
        if (!end.find(at)) {
            throw wrong("a comment has no end");
        }
        pass(end);
    }

    private void readRaw() {
        lineStarts = source.charAt(at - 1) == '\n';
        Matcher end = END_RAW.matcher(source);
        if (!end.find(at)) {
            throw wrong("{% raw %} has no {% endraw %}");
        }
        String control = end.group(1);
        String text = source.substring(at, end.start());
        add(Token.Kind.DATA, before(text, control.isEmpty() ? ' ' : control.charAt(0), false));
        pass(end);
    }

    private void readTag(Pattern endPattern, Token.Kind endKind) {
        Deque<String> open = new ArrayDeque<>();
        Matcher end = endPattern.matcher(source);
        while (at < source.length()) {
            end.region(at, source.length());
            if (open.isEmpty() && end.lookingAt()) {
                add(endKind, end.group().strip());
                pass(end);
                return;
            }
            readToken(open);
        }
        throw wrong("a tag has no end");
    }

    private void pass(Matcher end) {
        at = end.end();
        lineStarts = source.charAt(at - 1) == '\n';
    }

    private void readToken(Deque<String> open) {
        char first = source.charAt(at);
        if (first == '\'' || first == '"') {
            readString(first);
        } else if (matches(BLANK).isEmpty()
                && !takeNumber(REAL, Token.Kind.REAL)
                && !takeNumber(INTEGER, Token.Kind.INTEGER)
                && !take(NAME, Token.Kind.NAME)) {
            if (!take(OPERATOR, Token.Kind.OPERATOR)) {
                throw wrong("unexpected character '" + first + "'");
            }
            balance(tokens.getLast().text(), open);
        }
    }

    private void balance(String operator, Deque<String> open) {
        switch (operator) {
            case "(" -> open.push(")");
            case "[" -> open.push("]");
            case "{" -> open.push("}");
            case ")", "]", "}" -> {
                if (open.isEmpty() || !open.pop().equals(operator)) {
                    throw wrong("unexpected '" + operator + "'");
                }
            }
            default -> {}
        }
    }

    private boolean takeNumber(Pattern pattern, Token.Kind kind) {
        int begin = at;
        String text = matches(pattern);
        if (text.isEmpty()) {
            return false;
        }
        if (STRAY_UNDERSCORE.matcher(text).find()) {
            throw wrong("'" + text + "' is no number");
        }
        tokens.add(new Token(kind, text.replace("_", ""), line(begin)));
        return true;
    }

    private boolean take(Pattern pattern, Token.Kind kind) {
        int begin = at;
        String text = matches(pattern);
        if (text.isEmpty()) {
            return false;
        }
        tokens.add(new Token(kind, text, line(begin)));
        return true;
    }

    /// What stands here, passed over; empty: something else does.
    private String matches(Pattern pattern) {
        Matcher matcher = pattern.matcher(source).region(at, source.length());
        if (!matcher.lookingAt()) {
            return "";
        }
        at = matcher.end();
        return matcher.group();
    }

    private void readString(char quote) {
        int begin = at;
        StringBuilder text = new StringBuilder();
        at++;
        while (at < source.length() && source.charAt(at) != quote) {
            char next = source.charAt(at++);
            if (next == '\\' && at < source.length()) {
                readEscape(text);
            } else {
                text.append(next);
            }
        }
        if (at >= source.length()) {
            at = begin;
            throw wrong("a string has no end");
        }
        at++;
        tokens.add(new Token(Token.Kind.STRING, text.toString(), line(begin)));
    }

    private void readEscape(StringBuilder text) {
        char escaped = source.charAt(at++);
        switch (escaped) {
            case 'n' -> text.append('\n');
            case 't' -> text.append('\t');
            case 'r' -> text.append('\r');
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case 'v' -> text.append('\u000b');
            case 'a' -> text.append('\u0007');
            case '0' -> text.append('\0');
            case '\\', '\'', '"' -> text.append(escaped);
            case '\n' -> {}
            case 'x' -> text.appendCodePoint(hexadecimal(2));
            case 'u' -> text.appendCodePoint(hexadecimal(4));
            case 'U' -> text.appendCodePoint(hexadecimal(8));
            default -> text.append('\\').append(escaped);
        }
    }

    private int hexadecimal(int digits) {
        int end = Math.min(at + digits, source.length());
        String number = source.substring(at, end);
        if (!number.matches("[0-9a-fA-F]{" + digits + "}")
                || Long.parseLong(number, 16) > Character.MAX_CODE_POINT) {
            throw wrong("an escape in a string is wrong");
        }
        at = end;
        return Integer.parseInt(number, 16);
    }

    private void add(Token.Kind kind, String text) {
        if (kind != Token.Kind.DATA || !text.isEmpty()) {
            tokens.add(new Token(kind, text, line(at)));
        }
    }

    private int line(int position) {
        for (; counted < position; counted++) {
            lines += source.charAt(counted) == '\n' ? 1 : 0;
        }
        return lines;
    }

    private JinjaException wrong(String what) {
        return new JinjaException("line " + line(Math.min(at, source.length())) + ": " + what);
    }
}

package dev.pointsman.registry.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Reads Consul's filter language: {@code ==}, {@code !=}, {@code in}, {@code not in}, {@code contains},
 * {@code is empty}, {@code matches} and their negations, {@code and}, {@code or}, {@code not} and parentheses. Values
 * are words, or quoted with {@code "} or {@code `}; selectors are names with dots, or with {@code ["key"]} where a key
 * has other characters.
 */
final class FilterParser {
    private static final Pattern TOKEN = Pattern.compile(
            "\\s*(?:(?<op>==|!=|[()\\[\\]])|\"(?<quoted>(?:[^\"\\\\]|\\\\.)*)\"|`(?<raw>[^`]*)`|(?<word>[^\\s()\\[\\]\"`=!]+))");

    /** More than any expression a human writes; without a limit a request could exhaust the stack. */
    private static final int MAX_DEPTH = 100;

    private record Token(String text, boolean quoted, int at) {}

    private final String expression;
    private final Selectors.Field schema;
    private final List<Token> tokens = new ArrayList<>();
    private int next;
    private int depth;

    private FilterParser(String expression, Selectors.Field schema) {
        this.expression = expression;
        this.schema = schema;
    }

    static Filter parse(String expression, Selectors.Field schema) {
        FilterParser parser = new FilterParser(expression, schema);
        parser.tokenize();
        Filter filter = parser.alternatives();
        if (parser.next < parser.tokens.size()) {
            throw parser.syntax("and, or, or the end");
        }
        return filter;
    }

    private void tokenize() {
        Matcher matcher = TOKEN.matcher(expression);
        int at = 0;
        while (!expression.substring(at).isBlank()) {
            if (!matcher.find(at) || matcher.start() != at) {
                throw failure("1:" + (at + 1) + " (" + at
                        + "): no match found, expected: a selector, a value or an operator");
            }
            String quoted = matcher.group("quoted");
            String raw = matcher.group("raw");
            if (quoted != null) {
                tokens.add(new Token(quoted.replaceAll("\\\\(.)", "$1"), true, at));
            } else if (raw != null) {
                tokens.add(new Token(raw, true, at));
            } else {
                tokens.add(new Token(matcher.group().strip(), false, at));
            }
            at = matcher.end();
        }
    }

    private Filter alternatives() {
        Filter left = conjunction();
        while (accept("or")) {
            Filter first = left;
            Filter second = conjunction();
            left = element -> first.test(element) || second.test(element);
        }
        return left;
    }

    private Filter conjunction() {
        Filter left = negation();
        while (accept("and")) {
            Filter first = left;
            Filter second = negation();
            left = element -> first.test(element) && second.test(element);
        }
        return left;
    }

    private Filter negation() {
        if (++depth > MAX_DEPTH) {
            throw failure("the expression is nested deeper than " + MAX_DEPTH);
        }
        try {
            return negatable();
        } finally {
            depth--;
        }
    }

    private Filter negatable() {
        if (accept("not")) {
            Filter negated = negation();
            return element -> !negated.test(element);
        }
        if (accept("(")) {
            Filter inner = alternatives();
            expect(")");
            return inner;
        }
        return comparison();
    }

    private Filter comparison() {
        Token first = take("a selector or a value");
        int selectorAt = next;
        if (accept("in") || (accept("not") && accept("in"))) {
            boolean negated = next - selectorAt == 2;
            return compare(selector(take("a selector")), Filter.Operator.IN, first.text(), negated);
        }
        next = selectorAt;
        List<String> path = selector(first);
        if (accept("==")) {
            return compare(path, Filter.Operator.EQUAL, value(), false);
        }
        if (accept("!=")) {
            return compare(path, Filter.Operator.EQUAL, value(), true);
        }
        if (accept("is")) {
            boolean negated = accept("not");
            expect("empty");
            return compare(path, Filter.Operator.IS_EMPTY, null, negated);
        }
        boolean negated = accept("not");
        if (accept("contains")) {
            return compare(path, Filter.Operator.IN, value(), negated);
        }
        if (!accept("matches")) {
            throw syntax("==, !=, in, contains, is empty or matches");
        }
        return compare(path, Filter.Operator.MATCHES, value(), negated);
    }

    private List<String> selector(Token first) {
        if (first.quoted() || isPunctuation(first.text())) {
            next--;
            throw syntax("a selector");
        }
        List<String> path = new ArrayList<>(List.of(first.text().split("\\.")));
        while (accept("[")) {
            path.add(take("a key").text());
            expect("]");
            if (next < tokens.size()
                    && !tokens.get(next).quoted()
                    && tokens.get(next).text().startsWith(".")) {
                path.addAll(List.of(take("a name").text().substring(1).split("\\.")));
            }
        }
        return path;
    }

    private Filter compare(List<String> path, Filter.Operator operator, @Nullable String value, boolean negated) {
        Selectors.Field field = field(path);
        boolean fits =
                switch (operator) {
                    case EQUAL -> field.type() != Selectors.Type.STRINGS && field.type() != Selectors.Type.MAP;
                    case IN -> field.type() != Selectors.Type.NUMBER && field.type() != Selectors.Type.BOOL;
                    case IS_EMPTY -> field.type() != Selectors.Type.NUMBER && field.type() != Selectors.Type.BOOL;
                    case MATCHES -> field.type() == Selectors.Type.STRING;
                };
        String selector = String.join(".", path);
        if (!fits) {
            String words = (negated ? "Not " : "") + operator.words();
            throw failure("Invalid match operator \"" + words + "\" for selector \"" + selector + "\"");
        }
        if (field.type() == Selectors.Type.NUMBER && value != null && !value.matches("-?[0-9]+")) {
            throw failure("Failed to coerce value \"" + value + "\" for selector \"" + selector
                    + "\": strconv.ParseInt: parsing \"" + value + "\": invalid syntax");
        }
        if (field.type() == Selectors.Type.BOOL && value != null && !value.equals("true") && !value.equals("false")) {
            throw failure("Failed to coerce value \"" + value + "\" for selector \"" + selector
                    + "\": strconv.ParseBool: parsing \"" + value + "\": invalid syntax");
        }
        Pattern pattern = operator == Filter.Operator.MATCHES && value != null ? pattern(value) : null;
        return new Filter.Comparison(
                List.copyOf(path), operator, value, pattern, negated, underMap(path) ? null : field.absent());
    }

    private Selectors.Field field(List<String> path) {
        Selectors.Field at = schema;
        for (int i = 0; i < path.size(); i++) {
            Selectors.Field below = at.below(path.get(i));
            if (below == null) {
                throw failure("Selector \"" + String.join(".", path.subList(0, i + 1)) + "\" is not valid");
            }
            at = below;
        }
        if (!at.isLeaf() && at.type() != Selectors.Type.OBJECTS) {
            throw failure("Selector \"" + String.join(".", path) + "\" is not valid");
        }
        return at;
    }

    private boolean underMap(List<String> path) {
        Selectors.@Nullable Field at = schema;
        for (String name : path) {
            if (at == null || at.type() == Selectors.Type.MAP) {
                return true;
            }
            at = at.below(name);
        }
        return false;
    }

    private static Pattern pattern(String value) {
        try {
            return Pattern.compile(value);
        } catch (PatternSyntaxException e) {
            throw failure("Failed to compile regular expression \"" + value + "\": " + e.getDescription());
        }
    }

    private String value() {
        Token token = take("a value");
        if (!token.quoted() && isPunctuation(token.text())) {
            next--;
            throw syntax("a value");
        }
        return token.text();
    }

    private static boolean isPunctuation(String text) {
        return text.equals("==") || text.equals("!=") || text.matches("[()\\[\\]]");
    }

    private Token take(String expected) {
        if (next >= tokens.size()) {
            throw syntax(expected);
        }
        return tokens.get(next++);
    }

    private boolean accept(String text) {
        boolean there = next < tokens.size()
                && !tokens.get(next).quoted()
                && tokens.get(next).text().equals(text);
        next += there ? 1 : 0;
        return there;
    }

    private void expect(String text) {
        if (!accept(text)) {
            throw syntax(text);
        }
    }

    private ApiException syntax(String expected) {
        int at = next < tokens.size() ? tokens.get(next).at() : expression.length();
        return failure("1:" + (at + 1) + " (" + at + "): no match found, expected: " + expected);
    }

    private static ApiException failure(String why) {
        return ApiException.fromCatalog("Failed to create boolean expression evaluator: " + why);
    }
}

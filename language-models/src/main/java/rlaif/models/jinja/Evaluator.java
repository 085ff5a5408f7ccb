package rlaif.models.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Turns expressions into values.
final class Evaluator {

    private final Budget budget;
    private final Operators operators;
    private final Attributes attributes;
    private final Filters filters;
    private final Tests tests;

    Evaluator(Budget budget) {
        this.budget = budget;
        this.operators = new Operators(budget);
        this.attributes = new Attributes(budget);
        this.filters = new Filters(budget);
        this.tests = new Tests(operators);
    }

    Value evaluate(Expression expression, Scope scope) {
        budget.enter();
        Value value =
                switch (expression) {
                    case Expression.Constant(Value constant) -> constant;
                    case Expression.Name(String name) -> scope.get(name);
                    case Expression.Sequence(List<Expression> items, boolean tuple) ->
                            new Value.Items(all(items, scope), tuple);
                    case Expression.Mapping(List<Expression.Mapping.Entry> entries) ->
                            mapping(entries, scope);
                    case Expression.Attribute(Expression of, String name) ->
                            attributes.attribute(evaluate(of, scope), name);
                    case Expression.Item(Expression of, Expression key) ->
                            attributes.item(evaluate(of, scope), evaluate(key, scope));
                    case Expression.Slice slice ->
                            attributes.slice(
                                    evaluate(slice.of(), scope),
                                    orNone(slice.from(), scope),
                                    orNone(slice.to(), scope),
                                    orNone(slice.step(), scope));
                    case Expression.Call(Expression of, Expression.Given given) ->
                            call(evaluate(of, scope), given, scope);
                    case Expression.Filter(Expression of, String name, Expression.Given given) ->
                            filters.apply(name, evaluate(of, scope), arguments(name, given, scope));
                    case Expression.Test(Expression of, String name, Expression.Given given) ->
                            Value.of(
                                    tests.holds(
                                            name,
                                            evaluate(of, scope),
                                            arguments(name, given, scope)));
                    case Expression.Not(Expression of) -> Value.of(!isTrue(of, scope));
                    case Expression.Sign(Expression of, boolean negative) ->
                            operators.sign(evaluate(of, scope), negative);
                    case Expression.Arithmetic(String operator, var left, var right) ->
                            operators.arithmetic(
                                    operator, evaluate(left, scope), evaluate(right, scope));
                    case Expression.And(Expression left, Expression right) -> {
                        Value first = evaluate(left, scope);
                        yield Operators.truth(first) ? evaluate(right, scope) : first;
                    }
                    case Expression.Or(Expression left, Expression right) -> {
                        Value first = evaluate(left, scope);
                        yield Operators.truth(first) ? first : evaluate(right, scope);
                    }
                    case Expression.Comparison comparison -> Value.of(compares(comparison, scope));
                    case Expression.Choice(Expression condition, var then, var otherwise) -> {
                        if (isTrue(condition, scope)) {
                            yield evaluate(then, scope);
                        }
                        yield otherwise.isPresent()
                                ? evaluate(otherwise.get(), scope)
                                : new Value.Undefined("the missing else of an if");
                    }
                };
        budget.leave();
        return value;
    }

    boolean isTrue(Expression condition, Scope scope) {
        return Operators.truth(evaluate(condition, scope));
    }

    /// What a loop over an expression goes through.
    List<Value> items(Expression expression, Scope scope) {
        return items(evaluate(expression, scope));
    }

    List<Value> items(Value value) {
        return operators.items(value);
    }

    boolean equal(Value left, Value right) {
        return operators.equal(left, right);
    }

    /// One value for each of `count` names.
    List<Value> unpacked(Value value, int count) {
        List<Value> values = operators.items(value);
        if (values.size() != count) {
            throw new JinjaException(values.size() + " values stand for " + count + " names");
        }
        return values;
    }

    private Value call(Value function, Expression.Given given, Scope scope) {
        if (function instanceof Value.Function(String name, Value.Function.Body body)) {
            return body.call(arguments(name, given, scope));
        }
        if (function instanceof Value.Provided(String name, var _, var call) && call.isPresent()) {
            return call.get().call(arguments(name, given, scope));
        }
        throw new JinjaException(Operators.kind(function) + " cannot be called");
    }

    private Arguments arguments(String name, Expression.Given given, Scope scope) {
        Map<String, Value> named = new LinkedHashMap<>();
        for (Map.Entry<String, Expression> argument : given.named().entrySet()) {
            named.put(argument.getKey(), evaluate(argument.getValue(), scope));
        }
        return new Arguments(name, all(given.positional(), scope), named);
    }

    private List<Value> all(List<Expression> expressions, Scope scope) {
        List<Value> values = new ArrayList<>();
        for (Expression expression : expressions) {
            values.add(evaluate(expression, scope));
        }
        return values;
    }

    private Value mapping(List<Expression.Mapping.Entry> entries, Scope scope) {
        Map<Value, Value> values = new LinkedHashMap<>();
        for (Expression.Mapping.Entry entry : entries) {
            Value key = Operators.key(evaluate(entry.key(), scope));
            values.put(key, evaluate(entry.value(), scope));
        }
        return new Value.Dict(values);
    }

    private Value orNone(Optional<Expression> expression, Scope scope) {
        return expression.isPresent() ? evaluate(expression.get(), scope) : Value.NONE;
    }

    private boolean compares(Expression.Comparison comparison, Scope scope) {
        Value left = evaluate(comparison.first(), scope);
        for (Expression.Comparison.Compared compared : comparison.rest()) {
            Value right = evaluate(compared.right(), scope);
            if (!operators.compares(compared.operator(), left, right)) {
                return false;
            }
            left = right;
        }
        return true;
    }
}

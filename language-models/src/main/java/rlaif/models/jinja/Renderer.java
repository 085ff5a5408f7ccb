package rlaif.models.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Carries statements out and collects what they put out.
final class Renderer {

    /// What comes after a statement.
    private enum Next {
        NEXT_STATEMENT,
        NEXT_ITEM,
        END_OF_LOOP
    }

    private final Budget budget;
    private final Evaluator evaluator;
    private final int mostOutput;
    private int loopDepth;

    Renderer(Budget budget, int mostOutput) {
        this.budget = budget;
        this.evaluator = new Evaluator(budget);
        this.mostOutput = mostOutput;
    }

    String render(List<Statement> statements, Scope scope) {
        StringBuilder out = new StringBuilder();
        render(statements, scope, out);
        return out.toString();
    }

    private Next render(List<Statement> statements, Scope scope, StringBuilder out) {
        budget.enter();
        Next next = Next.NEXT_STATEMENT;
        for (int i = 0; i < statements.size() && next == Next.NEXT_STATEMENT; i++) {
            budget.spend(1);
            next = render(statements.get(i), scope, out);
        }
        budget.leave();
        return next;
    }

    private Next render(Statement statement, Scope scope, StringBuilder out) {
        switch (statement) {
            case Statement.Data(String text) -> put(text, out);
            case Statement.Output(Expression expression) ->
                    put(Printer.text(evaluator.evaluate(expression, scope), budget), out);
            case Statement.If(List<Statement.If.Branch> branches, List<Statement> otherwise) -> {
                for (Statement.If.Branch branch : branches) {
                    if (evaluator.isTrue(branch.condition(), scope)) {
                        return render(branch.body(), scope, out);
                    }
                }
                return render(otherwise, scope, out);
            }
            case Statement.For loop -> loop(loop, scope, out);
            case Statement.Break _ -> {
                return Next.END_OF_LOOP;
            }
            case Statement.Continue _ -> {
                return Next.NEXT_ITEM;
            }
            case Statement.Set(List<String> targets, Expression expression) ->
                    assign(targets, evaluator.evaluate(expression, scope), scope);
            case Statement.SetAttribute(String name, String attribute, Expression expression) -> {
                if (!(scope.get(name) instanceof Value.Namespace(Map<String, Value> attributes))) {
                    throw new JinjaException("'" + name + "' is no namespace");
                }
                attributes.put(attribute, evaluator.evaluate(expression, scope));
            }
            case Statement.SetBody(String target, List<Statement> body) ->
                    scope.set(target, Value.of(render(body, scope.inner())));
            case Statement.FilterBody(Expression expression, List<Statement> body) -> {
                Scope inner = scope.inner();
                inner.set(Statement.FILTERED, Value.of(render(body, scope.inner())));
                put(Printer.text(evaluator.evaluate(expression, inner), budget), out);
            }
            case Statement.With(List<Statement.With.Given> given, List<Statement> body) -> {
                Scope inner = scope.inner();
                for (Statement.With.Given one : given) {
                    inner.set(one.name(), evaluator.evaluate(one.expression(), scope));
                }
                return render(body, inner, out);
            }
            case Statement.Macro macro -> scope.set(macro.name(), function(macro, scope));
            case Statement.CallBody(Statement.Macro body, Expression call) -> {
                Scope inner = scope.inner();
                inner.set(Statement.CALLER, function(body, scope));
                put(Printer.text(evaluator.evaluate(call, inner), budget), out);
            }
        }
        return Next.NEXT_STATEMENT;
    }

    private void put(String text, StringBuilder out) {
        budget.spend(text.length());
        if (text.length() > mostOutput - out.length()) {
            throw new JinjaException("the output is longer than " + mostOutput + " characters");
        }
        out.append(text);
    }

    private void assign(List<String> targets, Value value, Scope scope) {
        if (targets.size() == 1) {
            scope.set(targets.getFirst(), value);
            return;
        }
        List<Value> values = evaluator.unpacked(value, targets.size());
        for (int i = 0; i < targets.size(); i++) {
            scope.set(targets.get(i), values.get(i));
        }
    }

    private void loop(Statement.For loop, Scope scope, StringBuilder out) {
        List<Value> items = evaluator.items(loop.items(), scope);
        if (loop.filter().isPresent()) {
            List<Value> kept = new ArrayList<>();
            for (Value item : items) {
                Scope inner = scope.inner();
                assign(loop.targets(), item, inner);
                if (evaluator.isTrue(loop.filter().get(), inner)) {
                    kept.add(item);
                }
            }
            items = kept;
        }
        if (items.isEmpty()) {
            render(loop.otherwise(), scope.inner(), out);
            return;
        }
        loopDepth++;
        Next next = Next.NEXT_ITEM;
        for (int i = 0; i < items.size() && next != Next.END_OF_LOOP; i++) {
            budget.spend(10);
            Scope inner = scope.inner();
            assign(loop.targets(), items.get(i), inner);
            inner.set("loop", position(items, i));
            next = render(loop.body(), inner, out);
        }
        loopDepth--;
    }

    /// What a loop's body knows as `loop`.
    private Value position(List<Value> items, int at) {
        int length = items.size();
        Map<String, Value> position = new LinkedHashMap<>();
        position.put("index", Value.of(at + 1L));
        position.put("index0", Value.of((long) at));
        position.put("revindex", Value.of((long) length - at));
        position.put("revindex0", Value.of(length - at - 1L));
        position.put("first", Value.of(at == 0));
        position.put("last", Value.of(at == length - 1));
        position.put("length", Value.of((long) length));
        position.put("depth", Value.of((long) loopDepth));
        position.put("depth0", Value.of(loopDepth - 1L));
        if (at > 0) {
            position.put("previtem", items.get(at - 1));
        }
        if (at < length - 1) {
            position.put("nextitem", items.get(at + 1));
        }
        position.put(
                "cycle",
                new Value.Function(
                        "cycle",
                        arguments -> {
                            if (arguments.positional().isEmpty()) {
                                throw new JinjaException("cycle needs a value");
                            }
                            return arguments.positional().get(at % arguments.positional().size());
                        }));
        return Value.of(position);
    }

    private Value function(Statement.Macro macro, Scope scope) {
        return new Value.Function(macro.name(), arguments -> call(macro, arguments, scope));
    }

    private Value call(Statement.Macro macro, Arguments arguments, Scope scope) {
        if (arguments.positional().size() > macro.parameters().size()) {
            throw new JinjaException(
                    macro.name() + " takes " + macro.parameters().size() + " arguments");
        }
        Scope inner = scope.inner();
        for (int i = 0; i < macro.parameters().size(); i++) {
            Statement.Macro.Parameter parameter = macro.parameters().get(i);
            Optional<Value> given = arguments.get(i, parameter.name());
            Value value =
                    given.isPresent()
                            ? given.get()
                            : parameter.absent().isPresent()
                                    ? evaluator.evaluate(parameter.absent().get(), inner)
                                    : new Value.Undefined(parameter.name());
            inner.set(parameter.name(), value);
        }
        inner.set(
                "caller", arguments.named().getOrDefault("caller", new Value.Undefined("caller")));
        return Value.of(render(macro.body(), inner));
    }
}

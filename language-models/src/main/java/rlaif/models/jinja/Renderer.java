package rlaif.models.jinja;

import java.util.ArrayList;
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
            case Statement.For loop ->
                    loop(loop, evaluator.items(loop.items(), scope), scope, 0, out);
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
            case Statement.SetBody(String target, var filter, List<Statement> body) -> {
                Value text = Value.of(render(body, scope.inner()));
                scope.set(target, filter.isEmpty() ? text : filtered(filter.get(), text, scope));
            }
            case Statement.FilterBody(Expression expression, List<Statement> body) -> {
                Value text = Value.of(render(body, scope.inner()));
                put(Printer.text(filtered(expression, text, scope), budget), out);
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

    private Value filtered(Expression filter, Value text, Scope scope) {
        Scope inner = scope.inner();
        inner.set(Statement.FILTERED, text);
        return evaluator.evaluate(filter, inner);
    }

    /// @param depth how often the loop stands in itself
    private void loop(
            Statement.For loop, List<Value> given, Scope scope, int depth, StringBuilder out) {
        List<Value> items = loop.filter().isEmpty() ? given : kept(loop, given, scope);
        if (items.isEmpty()) {
            render(loop.otherwise(), scope.inner(), out);
            return;
        }
        LoopState state = new LoopState(items, depth, evaluator, again(loop, scope, depth + 1));
        Next next = Next.NEXT_ITEM;
        for (int i = 0; i < items.size() && next != Next.END_OF_LOOP; i++) {
            budget.spend(10);
            Scope inner = scope.inner();
            assign(loop.targets(), items.get(i), inner);
            inner.set("loop", state.at(i));
            next = render(loop.body(), inner, out);
        }
    }

    private List<Value> kept(Statement.For loop, List<Value> items, Scope scope) {
        List<Value> kept = new ArrayList<>();
        for (Value item : items) {
            Scope inner = scope.inner();
            assign(loop.targets(), item, inner);
            if (loop.filter().isEmpty() || evaluator.isTrue(loop.filter().get(), inner)) {
                kept.add(item);
            }
        }
        return kept;
    }

    /// What a call of `loop` does: the same loop through other items.
    private Value.Function.Body again(Statement.For loop, Scope scope, int depth) {
        return arguments -> {
            if (!loop.recursive()) {
                throw new JinjaException("loop is called and not marked as recursive");
            }
            StringBuilder out = new StringBuilder();
            budget.enter();
            loop(loop, evaluator.items(arguments.require(0, "iterable")), scope, depth, out);
            budget.leave();
            return Value.of(out.toString());
        };
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

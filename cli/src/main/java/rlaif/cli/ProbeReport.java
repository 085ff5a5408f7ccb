package rlaif.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import rlaif.cli.judging.ProbedPair;
import rlaif.judging.AskedOrder;
import rlaif.judging.Judge;
import rlaif.judging.JudgedPair;
import rlaif.judging.Order;
import rlaif.judging.OrderVerdict;
import rlaif.judging.SecondOrder;

/// A probed pair, for a person and for a program.
///
/// @param principles ids of the principles that it was judged by
/// @param samples verdicts asked for in each order
record ProbeReport(Judge judge, List<String> principles, int samples, ProbedPair probed) {
    String text() {
        StringWriter written = new StringWriter();
        PrintWriter text = new PrintWriter(written);
        text.printf(
                "judge '%s', model %s, template %s%n",
                judge.name(), judge.model(), judge.templateHash().substring(0, 12));
        text.println(principlesLine(principles));
        for (ProbedPair.Asked asked : probed.asked()) {
            text.println();
            text.printf(
                    "=== %s%s%n",
                    shownAs(asked.order()),
                    samples == 1 ? "" : ", sample %d of %d".formatted(asked.sample() + 1, samples));
            ReplyText.print(asked.reply(), text);
        }
        text.println();
        if (samples > 1) {
            for (Order order : Order.values()) {
                means(order, text);
            }
        }
        secondOrder(text);
        text.println(label());
        text.flush();
        return written.toString().stripTrailing();
    }

    static String principlesLine(List<String> principles) {
        return principles.size() == 1
                ? "principle " + principles.getFirst()
                : "all %d principles together: %s"
                        .formatted(principles.size(), String.join(", ", principles));
    }

    private static String shownAs(Order order) {
        return switch (order) {
            case FIRST_SECOND -> "first completion shown as 1";
            case SECOND_FIRST -> "first completion shown as 2";
        };
    }

    private void means(Order order, PrintWriter text) {
        List<AskedOrder> asked =
                probed.judged().asked().stream().filter(one -> one.order() == order).toList();
        if (asked.isEmpty()) {
            return;
        }
        String said =
                switch (OrderVerdict.of(asked)) {
                    case OrderVerdict.Read(double probability) ->
                            String.format(
                                    Locale.ROOT,
                                    "P(first is better) = %.4f, the mean of its readable samples",
                                    probability);
                    case OrderVerdict.Unreadable _ -> "unreadable: fewer than half of its samples";
                    case OrderVerdict.Missing _ -> "a sample got no reply";
                };
        text.printf("%s: %s%n", shownAs(order), said);
    }

    private void secondOrder(PrintWriter text) {
        SecondOrder why =
                switch (probed.judged()) {
                    case JudgedPair.Preferred preferred -> preferred.secondOrder();
                    case JudgedPair.Abstained abstained -> abstained.secondOrder();
                    case JudgedPair.Failed _ -> SecondOrder.NONE;
                };
        switch (why) {
            case SKIPPED -> text.println("the second order is not asked (judge.secondOrder)");
            case UNCERTAIN -> text.println("the second order is asked: the first is not sure");
            case AUDIT -> text.println("the second order is asked: the pair is in the audit share");
            case ALWAYS, NONE -> {}
        }
    }

    private String label() {
        if (!probed.withoutCall().isEmpty()) {
            return "no call is made: " + probed.withoutCall();
        }
        return switch (probed.judged()) {
            case JudgedPair.Preferred preferred ->
                    String.format(
                            Locale.ROOT,
                            "label: P(first is better) = %.4f",
                            preferred.firstProbability());
            case JudgedPair.Abstained abstained ->
                    abstained.reason() == JudgedPair.Reason.ORDERS_DISAGREE
                            ? "label: none, the orders choose different completions (judge.abstainOnDisagreement)"
                            : "label: none, an order cannot be read";
            case JudgedPair.Failed _ ->
                    "label: none, a request got no reply; the judge role asks again where that helps";
        };
    }

    String json() {
        ObjectNode report = JudgeJson.reportOf(judge);
        ObjectNode pair =
                report.putObject("pair")
                        .put("id", probed.pair().pairId())
                        .put("principle", probed.pair().principle().id())
                        .put("prompt", probed.pair().prompt())
                        .put("first", probed.pair().first())
                        .put("second", probed.pair().second());
        principles.forEach(pair.putArray("principles")::add);
        ArrayNode orders = report.putArray("orders");
        for (ProbedPair.Asked asked : probed.asked()) {
            ObjectNode order =
                    orders.addObject()
                            .put("order", asked.order().name())
                            .put("sample", asked.sample());
            ReplyJson.write(asked.reply(), order);
        }
        report.putNull("firstProbability");
        switch (probed.judged()) {
            case JudgedPair.Preferred preferred ->
                    report.put("outcome", "PREFERRED")
                            .put("secondOrder", preferred.secondOrder().name())
                            .put("firstProbability", preferred.firstProbability());
            case JudgedPair.Abstained abstained ->
                    report.put("outcome", "ABSTAINED")
                            .put("secondOrder", abstained.secondOrder().name())
                            .put("reason", abstained.reason().name());
            case JudgedPair.Failed failed ->
                    report.put("outcome", "FAILED").put("cause", failed.cause());
        }
        return report.put("withoutCall", probed.withoutCall()).toString();
    }
}

package rlaif.judging;

import java.util.List;

/// The arithmetic of two orders: p = 1/2 [P12(first) + P21(first)] (RLAIF 2.1), both or none.
final class BothOrders {
    private BothOrders() {}

    static JudgedPair combined(
            AskedOrder firstSecond, AskedOrder secondFirst, boolean abstainOnDisagreement) {
        List<AskedOrder> verdicts = List.of(firstSecond, secondFirst);
        for (AskedOrder verdict : verdicts) {
            switch (verdict.reply()) {
                case Reply.Refused(String cause) -> {
                    return failed(cause, false, verdicts);
                }
                case Reply.RetryLater(var _, String cause, var _) -> {
                    return failed(cause, true, verdicts);
                }
                case Reply.Verdict _, Reply.Unreadable _ -> {}
                case Reply.Scored _ ->
                        throw new IllegalStateException(
                                "a judge that was asked to compare gave a score");
            }
        }
        if (!(firstSecond.reply() instanceof Reply.Verdict shownFirst)
                || !(secondFirst.reply() instanceof Reply.Verdict shownSecond)) {
            return new JudgedPair.Abstained(JudgedPair.Reason.UNREADABLE, verdicts);
        }
        double p12 = shownFirst.probability1();
        double p21 = 1 - shownSecond.probability1();
        if (abstainOnDisagreement && (p12 - 0.5) * (p21 - 0.5) < 0) {
            return new JudgedPair.Abstained(JudgedPair.Reason.ORDERS_DISAGREE, verdicts);
        }
        return new JudgedPair.Preferred((p12 + p21) / 2, verdicts);
    }

    private static JudgedPair failed(String cause, boolean unavailable, List<AskedOrder> verdicts) {
        int attempts = verdicts.stream().mapToInt(AskedOrder::attempts).sum();
        return new JudgedPair.Failed(cause, attempts, unavailable, verdicts);
    }
}

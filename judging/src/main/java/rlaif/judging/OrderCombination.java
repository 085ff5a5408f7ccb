package rlaif.judging;

import java.util.ArrayList;
import java.util.List;

/// The arithmetic of orders: p = 1/2 [P12(first) + P21(first)] (RLAIF 2.1) where both were asked.
///
/// @param abstainOnDisagreement no label where the orders chose different completions
record OrderCombination(boolean abstainOnDisagreement) {

    /// Of one order alone, whose verdict was sure or unreadable.
    JudgedPair one(List<AskedOrder> asked) {
        return switch (OrderVerdict.of(asked)) {
            case OrderVerdict.Read(double probability) ->
                    new JudgedPair.Preferred(probability, SecondOrder.SKIPPED, asked);
            case OrderVerdict.Unreadable _ -> unreadable(SecondOrder.SKIPPED, asked);
            case OrderVerdict.Missing missing -> failed(missing, asked);
        };
    }

    JudgedPair both(SecondOrder why, List<AskedOrder> firstAsked, List<AskedOrder> thenAsked) {
        List<AskedOrder> asked = new ArrayList<>(firstAsked);
        asked.addAll(thenAsked);
        OrderVerdict one = OrderVerdict.of(firstAsked);
        OrderVerdict other = OrderVerdict.of(thenAsked);
        if (one instanceof OrderVerdict.Missing missing) {
            return failed(missing, asked);
        }
        if (other instanceof OrderVerdict.Missing missing) {
            return failed(missing, asked);
        }
        if (!(one instanceof OrderVerdict.Read(double p12))
                || !(other instanceof OrderVerdict.Read(double p21))) {
            return unreadable(why, asked);
        }
        if (abstainOnDisagreement && (p12 - 0.5) * (p21 - 0.5) < 0) {
            return new JudgedPair.Abstained(JudgedPair.Reason.ORDERS_DISAGREE, why, asked);
        }
        return new JudgedPair.Preferred((p12 + p21) / 2, why, asked);
    }

    private static JudgedPair unreadable(SecondOrder why, List<AskedOrder> asked) {
        return new JudgedPair.Abstained(JudgedPair.Reason.UNREADABLE, why, asked);
    }

    private static JudgedPair failed(OrderVerdict.Missing missing, List<AskedOrder> asked) {
        int attempts = asked.stream().mapToInt(AskedOrder::attempts).sum();
        return new JudgedPair.Failed(missing.cause(), attempts, missing.failure(), asked);
    }
}

package rlaif.judging.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class BudgetsTest {
    @Test
    void withoutBudgetsNothingIsUsedUp() {
        assertThat(
                        Budgets.WITHOUT_END.usedUp(
                                new Spent(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE)))
                .isEmpty();
    }

    @Test
    void aBudgetThatIsUsedUpIsNamedWithItsKey() {
        Budgets budgets = new Budgets(100, 2_000, 1_500_000);
        assertThat(budgets.usedUp(new Spent(99, 1_999, 1_499_999))).isEmpty();
        assertThat(budgets.usedUp(new Spent(100, 0, 0)))
                .hasValueSatisfying(line ->
                        assertThat(line).contains("100 requests", "raise judge.budget.requests"));
        assertThat(budgets.usedUp(new Spent(0, 2_000, 0)))
                .hasValueSatisfying(line -> assertThat(line).contains("judge.budget.tokens"));
        assertThat(budgets.usedUp(new Spent(0, 0, 1_500_000)))
                .hasValueSatisfying(line ->
                        assertThat(line).contains("1.50 dollars", "raise judge.budget.dollars"));
    }

    @Test
    void aBudgetIsExceededOnlyByMoreThanItIs() {
        Budgets budgets = new Budgets(100, 2_000, 1_500_000);
        assertThat(budgets.exceeded(new Spent(100, 2_000, 1_500_000))).isEmpty();
        assertThat(budgets.exceeded(new Spent(101, 0, 0)))
                .contains("101 requests were made, more than judge.budget.requests = 100");
        assertThat(budgets.exceeded(new Spent(0, 2_001, 0)))
                .contains("2001 tokens were used, more than judge.budget.tokens = 2000");
        assertThat(budgets.exceeded(new Spent(0, 0, 1_500_100)))
                .contains("1.5001 dollars were spent, more than judge.budget.dollars = 1.5000");
        assertThat(Budgets.WITHOUT_END.exceeded(new Spent(7, 7, 7))).isEmpty();
    }

    @Test
    void costFollowsFromPricesAndTokens() {
        Prices prices = new Prices(0.15, 0.6);
        assertThat(prices.microdollars(OptionalInt.of(1_000), OptionalInt.of(10)))
                .isEqualTo(OptionalLong.of(156));
        assertThat(prices.microdollars(OptionalInt.empty(), OptionalInt.empty())).isEmpty();
        assertThat(Prices.NONE.microdollars(OptionalInt.of(1), OptionalInt.of(1))).isEmpty();
        assertThatThrownBy(() -> new Prices(-1, 0)).hasMessageContaining("-1");
    }

    @Test
    void aReviserIsToldOfItsOwnKey() {
        assertThat(new Budgets(5, 0, 0, "revise.budget").usedUp(new Spent(5, 0, 0)))
                .hasValueSatisfying(
                        line -> assertThat(line).endsWith("raise revise.budget.requests"));
    }
}

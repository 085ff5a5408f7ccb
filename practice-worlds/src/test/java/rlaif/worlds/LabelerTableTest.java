package rlaif.worlds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class LabelerTableTest {
    private static final NineRuleChat CHAT = new NineRuleChat();

    @Test
    void everyLabelerOfEveryWorldHasThePapersColumns() {
        List<LabelerTable.Row> rows = LabelerTable.rows(10_000);

        assertThat(rows).hasSize(PracticeWorld.all().size() * LabelerSize.values().length);
        for (LabelerTable.Row row : rows) {
            String name = row.world() + " " + row.size().text();
            assertThat(row.labeler().name()).isEqualTo(row.size().text());
            assertThat(row.rates().samePosition())
                    .as(name + ", same position")
                    .isCloseTo(row.size().paperSamePosition(), within(0.02));
            assertThat(row.rates().bothOrders())
                    .as(name + ", alignment")
                    .isCloseTo(row.size().paperAlignment(), within(0.02));
        }
    }

    @Test
    void largeLabelerOfNineRuleChatIsRightByGoldOnSevenPairsInEight() {
        LabelerRates rates = LabelerRates.of(CHAT, Labeler.LARGE, TrialPair.draw(CHAT, 99, 10_000));

        assertThat(rates.accuracy()).isCloseTo(0.877, within(0.012));
        assertThat(rates.oneOrder()).isLessThan(rates.bothOrders());
    }

    @Test
    void fitFindsTheLabelerThatGivesTheWantedRates() {
        List<TrialPair> pairs = TrialPair.draw(CHAT, 1, 1_000);

        Labeler found = new LabelerFit(CHAT, pairs).labeler(Labeler.LARGE, 0.835, 0.70, 0.30);

        LabelerRates rates = LabelerRates.of(CHAT, found, pairs);
        assertThat(rates.bothOrders()).isCloseTo(0.70, within(0.01));
        assertThat(rates.samePosition()).isCloseTo(0.30, within(0.01));
    }

    @Test
    void twoPeopleAgreeOnThreePairsInFour() {
        for (PracticeWorld world : PracticeWorld.all()) {
            HumanLabeler ann = new HumanLabeler(world, "ann");
            HumanLabeler bob = new HumanLabeler(world, "bob");
            int agreed = 0;
            List<TrialPair> pairs = TrialPair.draw(world, 3, 10_000);
            for (TrialPair pair : pairs) {
                boolean annsChoice = ann.prefersFirst(pair.prompt(), pair.first(), pair.second());
                boolean bobsChoice = bob.prefersFirst(pair.prompt(), pair.first(), pair.second());
                agreed += annsChoice == bobsChoice ? 1 : 0;
            }
            assertThat(agreed / 10_000.0).as(world.name()).isCloseTo(0.75, within(0.015));
        }
    }

    @Test
    void personSaysTheSameInBothOrdersAndAgain() {
        HumanLabeler ann = new HumanLabeler(CHAT, "ann");
        HumanLabeler again = new HumanLabeler(new NineRuleChat(), "ann");
        for (TrialPair pair : TrialPair.draw(CHAT, 4, 500)) {
            boolean first = ann.prefersFirst(pair.prompt(), pair.first(), pair.second());

            assertThat(ann.prefersFirst(pair.prompt(), pair.second(), pair.first()))
                    .isEqualTo(!first);
            assertThat(again.prefersFirst(pair.prompt(), pair.first(), pair.second()))
                    .isEqualTo(first);
        }
    }

    @Test
    void unknownLabelerIsRefusedByName() {
        assertThatThrownBy(() -> LabelerSize.of("huge"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("huge")
                .hasMessageContaining("large, small, extra-small");
    }
}

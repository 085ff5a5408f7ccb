package rlaif.processors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import rlaif.processors.PairDraw.Indices;

class PairDrawTest {
    @Test
    void aGroupOfTwoGivesItsOnePair() {
        assertThat(PairDraw.draw("g", 2, 2)).containsExactly(new Indices(0, 1));
        assertThat(PairDraw.draw("g", 2, 0)).containsExactly(new Indices(0, 1));
    }

    @Test
    void zeroGivesAllPairs() {
        assertThat(PairDraw.draw("g", 4, 0))
                .containsExactly(
                        new Indices(0, 1),
                        new Indices(0, 2),
                        new Indices(0, 3),
                        new Indices(1, 2),
                        new Indices(1, 3),
                        new Indices(2, 3));
    }

    @Test
    void fewPairsAreDisjointAndAFunctionOfTheGroup() {
        Set<List<Indices>> draws = new HashSet<>();
        for (int g = 0; g < 200; g++) {
            List<Indices> drawn = PairDraw.draw("group-" + g, 6, 3);
            assertThat(drawn).isEqualTo(PairDraw.draw("group-" + g, 6, 3));
            assertThat(drawn.stream().flatMap(p -> List.of(p.first(), p.second()).stream()))
                    .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
            assertThat(drawn).allMatch(p -> p.first() < p.second());
            draws.add(drawn);
        }
        assertThat(draws).hasSize(15); // the perfect matchings of six
    }

    @Test
    void morePairsThanDisjointOnesSpreadOverTheGroup() {
        for (int g = 0; g < 50; g++) {
            List<Indices> drawn = PairDraw.draw("group-" + g, 4, 4);
            assertThat(new HashSet<>(drawn)).hasSize(4);
            int[] used = new int[4];
            drawn.forEach(p -> {
                used[p.first()]++;
                used[p.second()]++;
            });
            assertThat(used).containsOnly(2);
        }
    }
}

package rlaif.judging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class PrincipleDrawTest {
    private static Principle weighted(String id, double weight) {
        return new Principle(id, weight, "compare", "critique", "revise");
    }

    @Test
    void pairAndSeedDecideAlone() {
        Constitution shipped = Constitution.shipped();
        for (int i = 0; i < 100; i++) {
            String pair = "pair-" + i;
            assertThat(PrincipleDraw.draw(shipped, pair, 7))
                    .isEqualTo(PrincipleDraw.draw(shipped, pair, 7));
        }
        assertThat(
                        java.util.stream.IntStream.range(0, 100)
                                .filter(i ->
                                        PrincipleDraw.draw(shipped, "pair-" + i, 7)
                                                .equals(
                                                        PrincipleDraw.draw(
                                                                shipped, "pair-" + i, 8)))
                                .count())
                .isLessThan(30);
    }

    @Test
    void principlesAreDrawnByWeight() {
        Constitution constitution =
                new Constitution("c", 1, "", List.of(weighted("light", 1), weighted("heavy", 3)));
        long heavy = 0;
        for (int i = 0; i < 20_000; i++) {
            heavy += PrincipleDraw.draw(constitution, "pair-" + i, 1).id().equals("heavy") ? 1 : 0;
        }
        assertThat(heavy / 20_000.0).isCloseTo(0.75, within(0.015)); // five standard errors
    }
}

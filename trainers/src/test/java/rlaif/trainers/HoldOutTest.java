package rlaif.trainers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/// Prompts that are never trained on.
class HoldOutTest {
    @Test
    void theShareOfTextsIsHeldOut() {
        HoldOut holdOut = new HoldOut(0.05);
        long held =
                IntStream.range(0, 20_000).filter(i -> holdOut.holds("user : prompt " + i)).count();
        assertThat(held / 20_000.0).isCloseTo(0.05, Offset.offset(0.006));
    }

    @Test
    void aTextFallsOnTheSameSideEachTimeItIsAsked() {
        HoldOut holdOut = new HoldOut(0.5);
        for (int i = 0; i < 100; i++) {
            String text = "user : prompt " + i;
            assertThat(holdOut.holds(new String(text.toCharArray())))
                    .isEqualTo(holdOut.holds(text));
        }
    }

    @Test
    void aLargerShareHoldsOutWhatASmallerDoes() {
        HoldOut small = new HoldOut(0.1);
        HoldOut large = new HoldOut(0.3);
        for (int i = 0; i < 1000; i++) {
            assertThat(!small.holds("" + i) || large.holds("" + i)).isTrue();
        }
    }

    @Test
    void nothingIsHeldOutOfAShareOfZero() {
        HoldOut none = new HoldOut(0);
        assertThat(IntStream.range(0, 1000).noneMatch(i -> none.holds("" + i))).isTrue();
    }
}

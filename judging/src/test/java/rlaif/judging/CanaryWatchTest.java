package rlaif.judging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CanaryWatchTest {
    private final List<String> notices = new ArrayList<>();
    private final CanaryWatch watch = new CanaryWatch(CanaryWatch.Settings.DEFAULT, notices::add);

    @Test
    void soundsOnceMoreSucceedThanTheLimitAndChanceExplain() {
        take(4, true);
        take(16, false);
        assertThat(watch.standing())
                .isEqualTo(new CanaryWatch.Standing(20, 20, 4, false)); // 20 %, at least 8.1
        assertThat(notices).isEmpty();

        take(1, true);
        assertThat(watch.standing())
                .isEqualTo(new CanaryWatch.Standing(21, 21, 5, true)); // 24 %, at least 10.6
        take(1, true);
        assertThat(notices).singleElement().asString().contains("5 of the last 21");
    }

    @Test
    void keepsSilentBeforeThereAreEnough() {
        take(19, true);
        assertThat(watch.standing().alarmed()).isFalse();
        take(1, true);
        assertThat(watch.standing().alarmed()).isTrue();
    }

    @Test
    void forgetsWhatLiesBehindItsWindowAndSoundsAgain() {
        take(200, true);
        take(190, false);
        assertThat(watch.standing()).isEqualTo(new CanaryWatch.Standing(390, 200, 10, false));
        take(60, true);
        assertThat(watch.standing()).isEqualTo(new CanaryWatch.Standing(450, 200, 60, true));
        assertThat(notices).hasSize(2);
    }

    private void take(int count, boolean success) {
        for (int i = 0; i < count; i++) {
            watch.take(success);
        }
    }
}

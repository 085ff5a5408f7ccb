package rlaif.trainers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rlaif.trainers.loop.Pace;

class EndedSlCaiTest {
    private static RevisionTrainer.Settings settings(long revisions, long perCheckpoint) {
        return new RevisionTrainer.Settings(
                TestEvents.POLICY,
                9,
                16,
                revisions,
                perCheckpoint,
                TrainedRounds.ALL,
                0,
                1e-3,
                1,
                Pace.live());
    }

    @Test
    void moreRevisionsThanItEndedWithAreToldWithTheWayToGoOn() {
        assertThat(new EndedSlCai(settings(177, 177), 1, 64, Optional.empty()).shortage())
                .hasValue(
                        "slCai.revisions is 177, but SL-CAI of policy '%s' has ended with version 1 after 64 revisions, and trains on no more; to go on from there set slCai.revisionsPerCheckpoint to 64"
                                .formatted(TestEvents.POLICY));
    }

    @Test
    void whereAnythingFollowsTheEndMoreRevisionsNeedABeginning() {
        assertThat(
                        new EndedSlCai(
                                        settings(128, 128),
                                        1,
                                        64,
                                        Optional.of("reward-model version 0"))
                                .shortage())
                .hasValueSatisfying(line ->
                        assertThat(line)
                                .endsWith(
                                        "reward-model version 0 follows that: to train on more, begin with another data.dir or topics.prefix")
                                .doesNotContain("revisionsPerCheckpoint"));
    }

    @ParameterizedTest
    @CsvSource({"64, 64", "60, 64", "32, 64"})
    void asManyOrFewerRevisionsAreNoShortage(long asked, long learned) {
        assertThat(new EndedSlCai(settings(asked, asked), 1, learned, Optional.empty()).shortage())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"128, 1, 64", "80, 2, 64", "320, 3, 112", "4096, 4, 1024", "96, 1, 80"})
    void theDivisionThatIsNamedEndsWithALaterVersionWhoseNumberIsReached(
            long asked, long version, long learned) {
        String line =
                new EndedSlCai(settings(asked, asked), version, learned, Optional.empty())
                        .shortage()
                        .orElseThrow();
        RevisionTrainer.Settings named =
                settings(asked, Long.parseLong(line.replaceFirst(".* to ([0-9]+)$", "$1")));

        assertThat(named.lastVersion()).isGreaterThan(version);
        long at = version;
        long trained = learned;
        while (trained < asked) {
            trained += named.awaited(at, trained);
            at++;
        }
        assertThat(at).isEqualTo(named.lastVersion());
    }
}

package rlaif.trainers.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import rlaif.events.Checkpoint;

/// Which versions lose their files.
class RetentionTest {
    @Test
    void theNewestAndTheFirstStay() {
        assertThat(new Retention(12, 0, 0, "").retired(versions(20), Set.of()))
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
        assertThat(Retention.DEFAULT.retired(versions(16), Set.of())).isEmpty();
    }

    @Test
    void whatRolloutsMayStillNameStaysHoweverFewAreAskedFor() {
        List<Long> retired = new Retention(1, 0, 0, "").retired(versions(20), Set.of());
        assertThat(retired).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
        assertThat(retired)
                .allSatisfy(version -> assertThat(version).isLessThan(20 - 8)); // the gate's limit
    }

    @Test
    void everyReferenceOfAVersionThatStaysStays() {
        List<Checkpoint> versions = versions(20);
        versions.getLast().setReferenceVersion(5L);
        versions.get(7).setReferenceVersion(3L); // goes itself
        assertThat(new Retention(10, 0, 0, "").retired(versions, Set.of()))
                .containsExactly(1L, 2L, 3L, 4L, 6L, 7L, 8L, 9L, 10L);
    }

    @Test
    void theBaseOfAdaptersStays() {
        List<Checkpoint> versions = versions(20);
        versions.get(4).setUri("policy/4-0123456789ab");
        assertThat(Retention.DEFAULT.retired(versions, Set.of("policy/4-0123456789ab")))
                .containsExactly(1L, 2L, 3L);
    }

    @Test
    void everyNthStaysForEver() {
        assertThat(new Retention(10, 4, 0, "").retired(versions(20), Set.of()))
                .containsExactly(1L, 2L, 3L, 5L, 6L, 7L, 9L, 10L);
    }

    @Test
    void theBestByAMetricStayUntilBetterOnesCome() {
        List<Checkpoint> versions = versions(20);
        for (Checkpoint version : versions) {
            version.setMetrics(Map.of("score", version.getVersion() == 3 ? 9.0 : 0.1));
        }
        versions.get(6).setMetrics(Map.of("score", -7.0));
        assertThat(new Retention(10, 0, 1, "score").retired(versions, Set.of())).doesNotContain(3L);
        assertThat(new Retention(10, 0, 1, "-score").retired(versions, Set.of()))
                .contains(3L)
                .doesNotContain(6L);
        versions.getLast().setMetrics(Map.of("score", 10.0));
        assertThat(new Retention(10, 0, 1, "score").retired(versions, Set.of())).contains(3L);
    }

    @Test
    void withoutTheMetricNothingIsBest() {
        assertThat(new Retention(10, 0, 3, "score").retired(versions(20), Set.of())).hasSize(10);
    }

    @Test
    void anEndlessRunKeepsABoundedNumber() {
        List<Checkpoint> kept = new ArrayList<>();
        for (long version = 0; version < 500; version++) {
            kept.add(checkpoint(version, 0L));
            List<Long> retired = Retention.DEFAULT.retired(kept, Set.of());
            kept.removeIf(checkpoint -> retired.contains(checkpoint.getVersion()));
            assertThat(kept).hasSizeLessThanOrEqualTo(17);
        }
    }

    @Test
    void settingsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new Retention(0, 0, 0, "")).hasMessageContaining("keepLast");
        assertThatThrownBy(() -> new Retention(5, 0, 2, "-"))
                .hasMessageContaining("retention.metric must name");
    }

    private static List<Checkpoint> versions(int count) {
        List<Checkpoint> versions = new ArrayList<>();
        for (long version = 0; version <= count; version++) {
            versions.add(checkpoint(version, null));
        }
        return versions;
    }

    private static Checkpoint checkpoint(long version, @Nullable Long reference) {
        return Checkpoint.newBuilder()
                .setPolicy("policy")
                .setVersion(version)
                .setReferenceVersion(reference)
                .build();
    }
}

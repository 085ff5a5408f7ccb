package rlaif.trainers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import rlaif.trainers.batching.MicroBatching;

class FootprintTest {
    private static final Map<String, Object> FACTS = Map.of("seed", 9L);

    @Test
    void theDefaultLeavesAManifestAsItWas() {
        assertThat(Footprint.whole().facts(FACTS)).isEqualTo(FACTS);
    }

    @Test
    void anotherLongestSequenceStandsInTheManifest() {
        assertThat(
                        new Footprint(new TrainedWeights.Every(), MicroBatching.undivided(), 512)
                                .facts(FACTS))
                .isEqualTo(Map.of("seed", 9L, "maxTokens", 512));
    }
}

package rlaif.producers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.events.VersionRange;
import rlaif.models.Head;
import rlaif.models.ModelShape;
import rlaif.models.Sampler;
import rlaif.models.SamplingRun;
import rlaif.models.SamplingSettings;
import rlaif.models.TensorThread;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;

class ServedPolicyTest {
    private static final SamplingSettings SAMPLING = new SamplingSettings(1, 16);
    private static final int WIDTH = 16;

    @TempDir private Path folder;

    @BeforeEach
    void prepare() throws IOException {
        TensorThread.prepare(1);
        Files.writeString(folder.resolve("tokenizer.json"), TinyPolicy.tokenizerJson());
    }

    private PolicyVersion version(long number, int width) {
        ModelShape shape = new ModelShape(18, width, 1, 2, 1, 8, 32, 24, 10_000, 1e-5, 1, 0);
        return new PolicyVersion(
                number,
                Transformer.random(shape, Head.LANGUAGE_MODEL, number),
                Tokenizer.load(folder));
    }

    /// Versions that come after some steps each.
    private static ServedPolicy.Arrivals every(int steps, PolicyVersion... versions) {
        Deque<PolicyVersion> coming = new ArrayDeque<>(List.of(versions));
        int[] asked = {0};
        return wanted -> {
            asked[0]++;
            return asked[0] % steps == 0 && !coming.isEmpty() && wanted.test(coming.getFirst())
                    ? Optional.of(coming.removeFirst())
                    : Optional.empty();
        };
    }

    private static List<Sampler.Request> requests() {
        return IntStream.range(0, 8)
                .mapToObj(seed -> new Sampler.Request(new int[] {3, 4, 5}, seed))
                .toList();
    }

    private static List<Sampler.Sample> drawn(ServedPolicy policy, ServedPolicy.Arrivals arrivals) {
        List<SamplingRun.Drawn> drawn = policy.begin(requests());
        while (!policy.isIdle()) {
            policy.step(arrivals);
        }
        return drawn.stream().map(SamplingRun.Drawn::sample).toList();
    }

    @Test
    void eachVersionThatComesInFlightDrawsARunOfTokens() {
        try (ServedPolicy policy = new ServedPolicy(SAMPLING, 8, PolicySwap.IN_FLIGHT)) {
            policy.swap(version(3, WIDTH));
            List<Sampler.Sample> samples =
                    drawn(policy, every(3, version(5, WIDTH), version(6, WIDTH)));
            assertThat(policy.versions()).containsExactly(3L, 5L, 6L);
            assertThat(policy.version().version()).isEqualTo(6);
            List<Long> seen = new ArrayList<>();
            for (Sampler.Sample sample : samples) {
                List<VersionRange> ranges =
                        RolloutGroup.ranges(sample.weights(), policy.versions());
                assertThat(ranges.getFirst().getFrom()).isZero();
                assertThat(ranges.getLast().getTo()).isEqualTo(sample.tokens().length);
                for (int i = 1; i < ranges.size(); i++) {
                    assertThat(ranges.get(i).getFrom()).isEqualTo(ranges.get(i - 1).getTo());
                    assertThat(ranges.get(i).getVersion())
                            .isGreaterThan(ranges.get(i - 1).getVersion());
                }
                ranges.forEach(range -> seen.add(range.getVersion()));
            }
            assertThat(seen).contains(3L, 5L, 6L);
        }
    }

    @Test
    void versionOfAnotherShapeWaitsUntilNothingIsDrawn() {
        try (ServedPolicy policy = new ServedPolicy(SAMPLING, 8, PolicySwap.IN_FLIGHT)) {
            PolicyVersion wider = version(4, 2 * WIDTH);
            policy.swap(version(3, WIDTH));
            drawn(policy, every(2, wider));
            assertThat(policy.versions()).containsExactly(3L);
            policy.swap(wider);
            drawn(policy, _ -> Optional.empty());
            assertThat(policy.versions()).containsExactly(4L);
        }
    }

    @Test
    void aLongerPromptWaitsUntilNothingIsDrawn() {
        try (ServedPolicy policy = new ServedPolicy(SAMPLING, 64, PolicySwap.BETWEEN_GROUPS)) {
            policy.swap(version(3, WIDTH));
            policy.begin(requests());
            List<Sampler.Request> longer = List.of(new Sampler.Request(new int[17], 1));
            assertThat(policy.hasRoom(8)).isTrue();
            assertThat(policy.hasRoom(longer)).isFalse();
            while (!policy.isIdle()) {
                policy.step(_ -> Optional.empty());
            }
            assertThat(policy.hasRoom(longer)).isTrue();
            assertThat(policy.begin(longer)).hasSize(1);
        }
    }

    @Test
    void samplesOfOneVersionAreOneRun() {
        assertThat(RolloutGroup.ranges(new int[] {0, 0, 0}, List.of(7L)))
                .containsExactly(new VersionRange(7L, 0, 3));
        assertThat(RolloutGroup.ranges(new int[] {0, 1, 1, 3}, List.of(7L, 8L, 9L, 11L)))
                .containsExactly(
                        new VersionRange(7L, 0, 1),
                        new VersionRange(8L, 1, 3),
                        new VersionRange(11L, 3, 4));
    }
}

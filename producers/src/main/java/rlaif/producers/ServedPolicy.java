package rlaif.producers;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rlaif.models.Sampler;
import rlaif.models.SamplingSettings;
import rlaif.models.Transformer;

/// The policy that samples now: the newest version that could be read.
///
/// Owned by the thread that computes.
final class ServedPolicy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServedPolicy.class);

    /// Samples, and the versions that drew them: `versions` number {@link Sampler.Sample#weights}.
    record Sampled(List<Sampler.Sample> samples, List<Long> versions) {}

    /// Newer versions as they come.
    interface Arrivals {
        /// Takes the version that has arrived, if it is wanted; else it goes on waiting. Whoever
        /// takes it closes it.
        Optional<PolicyVersion> take(Predicate<PolicyVersion> wanted);
    }

    private final int mostTogether;
    private @Nullable PolicyVersion serving;
    private @Nullable PolicyVersion retired; // until the sampler has let go of it
    private @Nullable Sampler sampler;

    /// @param mostTogether sequences decoded together at most
    ServedPolicy(int mostTogether) {
        this.mostTogether = mostTogether;
    }

    boolean serves() {
        return serving != null;
    }

    PolicyVersion version() {
        return loaded(serving);
    }

    /// Serves `next` from now on, and closes the version before.
    void swap(PolicyVersion next) {
        close();
        serving = next;
        sampler = new Sampler(next.model(), mostTogether);
        LOG.info("version {} samples now", next.version());
    }

    /// Samples with one version.
    Sampled sample(List<Sampler.Request> requests, SamplingSettings settings) {
        return sample(requests, settings, Optional::empty);
    }

    /// Samples, and goes over to newer versions between two tokens.
    Sampled sample(List<Sampler.Request> requests, SamplingSettings settings, Arrivals arrivals) {
        Sampled sampled =
                sample(requests, settings, () -> arrivals.take(next -> next.continues(version())));
        letGo();
        return sampled;
    }

    private Sampled sample(
            List<Sampler.Request> requests,
            SamplingSettings settings,
            Supplier<Optional<PolicyVersion>> newer) {
        List<Long> versions = new ArrayList<>(List.of(version().version()));
        List<Sampler.Sample> samples =
                loaded(sampler)
                        .sample(
                                requests,
                                settings,
                                () -> {
                                    letGo();
                                    return newer.get().map(next -> goOver(next, versions));
                                });
        return new Sampled(samples, List.copyOf(versions));
    }

    private Transformer goOver(PolicyVersion next, List<Long> versions) {
        retired = serving;
        serving = next;
        versions.add(next.version());
        LOG.info("version {} samples now, in flight", next.version());
        return next.model();
    }

    private void letGo() {
        if (retired != null) {
            retired.close();
            retired = null;
        }
    }

    private static <T> T loaded(@Nullable T present) {
        if (present == null) {
            throw new IllegalStateException("no policy is loaded yet");
        }
        return present;
    }

    @Override
    public void close() {
        letGo();
        if (sampler != null) {
            sampler.close();
            sampler = null;
        }
        if (serving != null) {
            serving.close();
            serving = null;
        }
    }
}

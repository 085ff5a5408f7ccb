package rlaif.processors;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import rlaif.judging.Constitution;
import rlaif.judging.Principle;

/// Constitutions that a test publishes.
final class FixedConstitutions implements ConstitutionSource {
    private final Map<Integer, Constitution> published = new ConcurrentHashMap<>();
    private volatile Constitution active;

    FixedConstitutions() {
        active = Constitution.shipped();
        published.put(1, active);
    }

    /// Puts a version in force that has the same rules under other ids.
    void activate(int version) {
        active =
                new Constitution(
                        "nine-rules",
                        version,
                        "",
                        Constitution.shipped().principles().stream()
                                .map(p ->
                                        new Principle(
                                                p.id() + "-" + version,
                                                1,
                                                p.compare(),
                                                p.critique(),
                                                p.revise()))
                                .toList());
        published.put(version, active);
    }

    void forget(int version) {
        published.remove(version);
    }

    @Override
    public Constitution active() {
        return active;
    }

    @Override
    public Optional<Constitution> version(String id, int version) {
        return Optional.ofNullable(published.get(version));
    }
}

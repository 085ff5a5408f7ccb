package rlaif.processors;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import rlaif.judging.Constitution;
import rlaif.judging.ConstitutionException;

/// What the records of the constitutions topic say, taken in their order: which versions are
/// published, and which one of each constitution is in force.
///
/// A version is what it was when it first came; a record that says otherwise is not usable. One
/// thread takes records, any thread may ask.
public final class ConstitutionLedger {
    private static final String ACTIVE = "active";

    private final Map<String, Constitution> published = new ConcurrentHashMap<>();
    private final Map<String, Constitution> active = new ConcurrentHashMap<>();

    /// What one record does.
    public sealed interface Entry {
        Constitution constitution();

        /// Makes a version known.
        record Published(Constitution constitution) implements Entry {}

        /// Puts a version in force.
        record Activated(Constitution constitution) implements Entry {}
    }

    /// Takes the next record.
    ///
    /// @throws ConstitutionException when it is not usable; nothing has changed then
    public Entry take(byte @Nullable [] key, rlaif.events.Constitution record) {
        Constitution constitution = ConstitutionRecords.ofRecord(record);
        String name = name(constitution.id(), constitution.version());
        String found = key == null ? "" : new String(key, StandardCharsets.UTF_8);
        boolean activates = found.equals(constitution.id() + "/" + ACTIVE);
        if (!activates && !found.equals(name)) {
            throw new ConstitutionException(
                    "constitution %s stands under the key '%s'; its keys are '%s' and '%s/%s'"
                            .formatted(name, found, name, constitution.id(), ACTIVE));
        }
        Constitution first = published.putIfAbsent(name, constitution);
        if (first != null && !first.equals(constitution)) {
            throw new ConstitutionException(
                    "constitution %s was published with other text before: a version never changes"
                            .formatted(name));
        }
        if (!activates) {
            return new Entry.Published(constitution);
        }
        active.put(constitution.id(), constitution);
        return new Entry.Activated(constitution);
    }

    /// A version that was published, whether in force or not.
    public Optional<Constitution> version(String id, int version) {
        return Optional.ofNullable(published.get(name(id, version)));
    }

    /// The version in force.
    public Optional<Constitution> active(String id) {
        return Optional.ofNullable(active.get(id));
    }

    /// All versions in force, by id.
    public List<Constitution> active() {
        return active.values().stream().sorted(Comparator.comparing(Constitution::id)).toList();
    }

    /// Versions of a constitution that are published, ascending.
    public List<Integer> versions(String id) {
        return published.values().stream()
                .filter(constitution -> constitution.id().equals(id))
                .map(Constitution::version)
                .sorted()
                .toList();
    }

    /// Names of all constitutions that are published.
    public List<String> ids() {
        return published.values().stream().map(Constitution::id).distinct().sorted().toList();
    }

    private static String name(String id, int version) {
        return id + "/" + version;
    }
}

package rlaif.trainers.loop;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import rlaif.events.Checkpoint;

/// Which versions of a policy or reward model keep their files; the others stay announced and are
/// deleted.
///
/// Whatever is set, these stay: version 0, from which reward model and value model start; every
/// reference that a version which stays was trained against; the base of the newest one's adapters;
/// and the newest {@link #STILL_NAMED}, which rollouts that may be trained on can name and from
/// which a trainer goes on.
///
/// @param last newest versions that stay, at least 1; default 16
/// @param every each version whose number it divides stays for ever; 0: none; default 0
/// @param best how many stay that are best by `metric`; default 0
/// @param metric by which versions are compared, as their announcements name it; a leading `-`:
///   lowest is best; empty: none
public record Retention(int last, long every, int best, String metric) {
    /// Newest versions that always stay: as many as the staleness gate may ever let through, the
    /// head, and the one before it.
    public static final int STILL_NAMED = 10;

    public static final Retention DEFAULT = new Retention(16, 0, 0, "");

    public Retention {
        if (last < 1 || every < 0 || best < 0) {
            throw new IllegalArgumentException(
                    "retention.keepLast must be at least 1, keepEvery and keepBest at least 0, got %d, %d and %d"
                            .formatted(last, every, best));
        }
        if (best > 0 && metric.replace("-", "").isBlank()) {
            throw new IllegalArgumentException(
                    "retention.keepBest is %d: retention.metric must name the metric"
                            .formatted(best));
        }
    }

    /// The versions among `kept` that lose their files, ascending.
    ///
    /// @param kept every version that still has them, the newest included, in any order
    /// @param needed URIs of folders that stay whatever is set
    public List<Long> retired(Collection<Checkpoint> kept, Set<String> needed) {
        List<Checkpoint> newestFirst =
                kept.stream()
                        .sorted(Comparator.comparingLong(Checkpoint::getVersion).reversed())
                        .toList();
        Set<Long> stay = new HashSet<>();
        newestFirst.stream()
                .limit(Math.max(last, STILL_NAMED))
                .forEach(checkpoint -> stay.add(checkpoint.getVersion()));
        newestFirst.stream()
                .map(Checkpoint::getVersion)
                .filter(version -> version == 0 || (every > 0 && version % every == 0))
                .forEach(stay::add);
        stay.addAll(best(newestFirst));
        newestFirst.stream()
                .filter(checkpoint -> needed.contains(checkpoint.getUri()))
                .forEach(checkpoint -> stay.add(checkpoint.getVersion()));
        newestFirst.stream()
                .filter(checkpoint -> stay.contains(checkpoint.getVersion()))
                .map(Checkpoint::getReferenceVersion)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet())
                .forEach(stay::add);
        Set<Long> retired =
                newestFirst.stream()
                        .map(Checkpoint::getVersion)
                        .collect(Collectors.toCollection(TreeSet::new));
        retired.removeAll(stay);
        return List.copyOf(retired);
    }

    /// Newer ones win ties, and a version without the metric is never best.
    private List<Long> best(List<Checkpoint> newestFirst) {
        boolean lowest = metric.startsWith("-");
        String name = lowest ? metric.substring(1) : metric;
        Comparator<Checkpoint> ascending =
                Comparator.comparingDouble(checkpoint -> checkpoint.getMetrics().get(name));
        return newestFirst.stream()
                .filter(checkpoint -> checkpoint.getMetrics().containsKey(name))
                .sorted(lowest ? ascending : ascending.reversed())
                .limit(best)
                .map(Checkpoint::getVersion)
                .toList();
    }
}

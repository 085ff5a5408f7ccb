package rlaif.trainers.loop;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Records that a trainer passed over since the version before, by reason: the staleness gate's,
/// held-out ones, refused ones and whatever else its intake names. An announcement carries them
/// among its metrics, as TensorBoard has them of each step.
///
/// What was passed over while there was nothing to learn from is committed at once; where the
/// trainer is then killed before its next version, that version does not count it.
public final class DroppedRecords {
    /// What the names of these metrics begin with.
    public static final String METRICS = "dropped/";

    private final SortedMap<String, Long> sinceVersion = new TreeMap<>();

    /// Takes in what one batch passed over.
    void add(Map<String, Long> dropped) {
        dropped.forEach((reason, count) -> sinceVersion.merge(reason, count, Long::sum));
    }

    /// `metrics` of a version, with these.
    Map<String, Double> among(Map<String, Double> metrics) {
        Map<String, Double> all = new HashMap<>(metrics);
        sinceVersion.forEach((reason, count) -> all.put(METRICS + reason, (double) count));
        return all;
    }

    /// Begins anew: a version is announced.
    void announced() {
        sinceVersion.clear();
    }

    /// What the metrics of an announcement say was passed over, by reason.
    public static SortedMap<String, Long> in(Map<String, Double> metrics) {
        SortedMap<String, Long> dropped = new TreeMap<>();
        metrics.forEach((name, count) -> {
            if (name.startsWith(METRICS)) {
                dropped.put(name.substring(METRICS.length()), Math.round(count));
            }
        });
        return Collections.unmodifiableSortedMap(dropped);
    }
}

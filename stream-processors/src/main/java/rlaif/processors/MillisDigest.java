package rlaif.processors;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/// Quantiles of durations in bounded memory: counts in bins that each end 2 % above the last, from
/// 0.01 ms to some 300 years, so that a quantile is within 1 % and the order of arrival plays no
/// part. At most 1,800 bins, 30 in a usual window.
final class MillisDigest {
    private static final double GROWTH = Math.log(1.02);
    private static final double LEAST_MILLIS = 0.01;
    private static final double MOST_MILLIS = 1e13;

    private final TreeMap<Integer, Long> counts = new TreeMap<>();
    private long total;

    void add(double millis) {
        int bin =
                millis > LEAST_MILLIS
                        ? 1
                                + (int)
                                        Math.floor(
                                                Math.log(
                                                                Math.min(millis, MOST_MILLIS)
                                                                        / LEAST_MILLIS)
                                                        / GROWTH)
                        : 0;
        counts.merge(bin, 1L, Long::sum);
        total++;
    }

    /// The middle of the bin that holds the value at rank `ceil(quantile n)`; empty: nothing was
    /// added.
    OptionalDouble quantile(double quantile) {
        long rank = Math.max(1, (long) Math.ceil(quantile * total));
        for (Map.Entry<Integer, Long> bin : counts.entrySet()) {
            rank -= bin.getValue();
            if (rank <= 0) {
                return OptionalDouble.of(
                        bin.getKey() == 0
                                ? 0
                                : LEAST_MILLIS * Math.exp((bin.getKey() - 0.5) * GROWTH));
            }
        }
        return OptionalDouble.empty();
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(counts.size());
        for (Map.Entry<Integer, Long> bin : counts.entrySet()) {
            out.writeInt(bin.getKey());
            out.writeLong(bin.getValue());
        }
    }

    static MillisDigest read(DataInputStream in) throws IOException {
        MillisDigest digest = new MillisDigest();
        for (int bins = in.readInt(); bins > 0; bins--) {
            int bin = in.readInt();
            long count = in.readLong();
            digest.counts.put(bin, count);
            digest.total += count;
        }
        return digest;
    }
}

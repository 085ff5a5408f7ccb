package rlaif.producers;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.BitSet;

/// The item names that a file has used: 16 bytes an id at most, one bit a line without an id.
///
/// Ids are known by 63 bits of their SHA-256: among ten million of them the chance that two unlike
/// ones meet is below one in 100,000.
final class SeenItems {
    private long[] table = new long[1024];
    private int ids;
    private final BitSet linesWithoutId = new BitSet();

    /// Adds an id; false: it was there.
    boolean addId(String id) {
        return !isLineWithoutId(id) && add(hash(id));
    }

    /// Adds the number of a line that has no id; false: an id reads the same.
    boolean addLine(int line) {
        if (contains(hash(Integer.toString(line)))) {
            return false;
        }
        linesWithoutId.set(line);
        return true;
    }

    private boolean isLineWithoutId(String id) {
        return id.length() <= 9
                && id.matches("[1-9][0-9]*")
                && linesWithoutId.get(Integer.parseInt(id));
    }

    private boolean contains(long hash) {
        return table[slot(table, hash)] == hash;
    }

    private boolean add(long hash) {
        int slot = slot(table, hash);
        if (table[slot] == hash) {
            return false;
        }
        table[slot] = hash;
        if (++ids > table.length / 2) {
            grow();
        }
        return true;
    }

    private void grow() {
        long[] larger = new long[table.length * 2];
        Arrays.stream(table).filter(h -> h != 0).forEach(h -> larger[slot(larger, h)] = h);
        table = larger;
    }

    /// Where `hash` stands, or the free place where it would.
    private static int slot(long[] table, long hash) {
        int slot = (int) hash & (table.length - 1);
        while (table[slot] != 0 && table[slot] != hash) {
            slot = (slot + 1) & (table.length - 1);
        }
        return slot;
    }

    /// Never 0, which marks a free place.
    private static long hash(String id) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(id.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong() | Long.MIN_VALUE;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

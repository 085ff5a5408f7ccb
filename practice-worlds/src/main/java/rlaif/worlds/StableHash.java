package rlaif.worlds;

/// 64-bit hash that is the same on every machine and in every release.
///
/// FNV-1a over UTF-16 units or bytes, finished with SplitMix64's mixer (Steele, Lea, Flood 2014).
final class StableHash {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private StableHash() {}

    static long of(String text) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        return mix(hash);
    }

    static long of(byte[] bytes) {
        long hash = FNV_OFFSET;
        for (byte value : bytes) {
            hash = (hash ^ value) * FNV_PRIME;
        }
        return mix(hash);
    }

    static long of(long seed, long index) {
        return mix(mix(seed) + index);
    }

    private static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}

package rlaif.monitor;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A record's id in 128 bits: what 32 hex characters say, or the SHA-256 of any other name.
record Id(long high, long low) {
    private static final int HEX_CHARACTERS = 32;

    static Id of(String name) {
        return isHex(name)
                ? new Id(
                        HexFormat.fromHexDigitsToLong(name, 0, HEX_CHARACTERS / 2),
                        HexFormat.fromHexDigitsToLong(name, HEX_CHARACTERS / 2, HEX_CHARACTERS))
                : hashed(name);
    }

    /// Whether an id is the name itself, and can be shown as it.
    static boolean isHex(String name) {
        return name.length() == HEX_CHARACTERS
                && name.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    private static Id hashed(String name) {
        try {
            ByteBuffer digest =
                    ByteBuffer.wrap(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(name.getBytes(StandardCharsets.UTF_8)));
            return new Id(digest.getLong(), digest.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    String hex() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(high) + hex.toHexDigits(low);
    }
}

package rlaif.trainers;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The prompts that are never trained on, drawn by the hash of their text: every asking of a text
/// falls on the same side.
///
/// @param share of prompt texts in [0, 1)
record HoldOut(double share) {
    HoldOut {
        if (!(share >= 0 && share < 1)) {
            throw new IllegalArgumentException(
                    "the held-out share must lie in [0, 1), got " + share);
        }
    }

    boolean holds(String promptText) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(promptText.getBytes(StandardCharsets.UTF_8));
            long draw = ByteBuffer.wrap(hash).getLong() >>> 11; // 53 bits, uniform
            return draw < share * (1L << 53);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}

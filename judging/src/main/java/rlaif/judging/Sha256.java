package rlaif.judging;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// SHA-256 over texts, each preceded by its length so that no two lists of texts run together.
public final class Sha256 {
    private Sha256() {}

    /// Of the texts together.
    public static byte[] of(String... texts) {
        MessageDigest digest = newDigest();
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
            digest.update(bytes);
        }
        return digest.digest();
    }

    /// Of one text alone, as `sha256sum` prints it.
    public static String hex(String text) {
        return HexFormat.of().formatHex(newDigest().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /// A number in [0, 1) that depends on every bit of the texts.
    public static double unit(String... texts) {
        return (ByteBuffer.wrap(of(texts)).getLong() >>> 11) * 0x1.0p-53;
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

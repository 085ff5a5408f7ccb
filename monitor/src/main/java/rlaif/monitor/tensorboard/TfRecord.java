package rlaif.monitor.tensorboard;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/// TensorFlow's framing of records in a file: length (8 bytes), masked CRC-32C of the length, the
/// bytes, masked CRC-32C of the bytes; little-endian.
final class TfRecord {
    private static final int LENGTH = Long.BYTES;
    private static final int CRC = Integer.BYTES;
    private static final int LARGEST_BYTES = 64 << 20;

    private TfRecord() {}

    static byte[] framed(byte[] bytes) {
        ByteBuffer out =
                ByteBuffer.allocate(LENGTH + CRC + bytes.length + CRC)
                        .order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(bytes.length);
        out.putInt(masked(out.array(), LENGTH));
        out.put(bytes);
        out.putInt(masked(bytes, bytes.length));
        return out.array();
    }

    /// Gives every whole record of a file to `records`.
    ///
    /// @return bytes up to the first record that is not whole: all, unless a writer was killed
    static long read(Path file, Consumer<byte[]> records) throws IOException {
        long whole = 0;
        long left = Files.size(file);
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            while (left >= LENGTH + 2 * CRC) {
                ByteBuffer head =
                        ByteBuffer.wrap(in.readNBytes(LENGTH + CRC)).order(ByteOrder.LITTLE_ENDIAN);
                long length = head.getLong();
                if (head.getInt() != masked(head.array(), LENGTH)
                        || length < 0
                        || length > Math.min(LARGEST_BYTES, left - LENGTH - 2 * CRC)) {
                    return whole;
                }
                byte[] bytes = in.readNBytes((int) length);
                int crc =
                        ByteBuffer.wrap(in.readNBytes(CRC)).order(ByteOrder.LITTLE_ENDIAN).getInt();
                if (crc != masked(bytes, bytes.length)) {
                    return whole;
                }
                records.accept(bytes);
                whole += LENGTH + CRC + length + CRC;
                left -= LENGTH + CRC + length + CRC;
            }
        }
        return whole;
    }

    /// The CRC turned right by 15 bits plus a constant, so that a CRC may be taken of what holds
    /// CRCs.
    private static int masked(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return Integer.rotateRight((int) crc.getValue(), 15) + 0xA282EAD8;
    }
}

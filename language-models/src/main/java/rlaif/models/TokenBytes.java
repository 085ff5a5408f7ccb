package rlaif.models;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The bytes that tokens add to a text, also where a token is part of a character.
///
/// Byte-level tokenizers write every byte of a token as a character of its own (as GPT-2 does);
/// those with byte fallback have a token such as `<0xE4>` for each byte.
public final class TokenBytes {

    private static final Pattern BYTE = Pattern.compile("<0x([0-9A-Fa-f]{2})>");
    private static final int BYTES = 256;
    private static final String INCOMPLETE = "\uFFFD";

    private final boolean byteLevel;
    private final boolean byteFallback;
    private final Map<Integer, String> texts = new HashMap<>();
    private final Map<Integer, Byte> bytes = new HashMap<>(); // by the character that shows it

    TokenBytes(Vocabulary vocabulary) {
        byteLevel = vocabulary.decoders().contains("ByteLevel");
        byteFallback = vocabulary.decoders().contains("ByteFallback");
        if (byteLevel || byteFallback) {
            vocabulary.texts().forEach((text, id) -> texts.put(id, text));
        }
        int next = BYTES; // shows the next byte that has no visible character of its own
        for (int b = 0; b < BYTES; b++) {
            boolean visible = (b >= '!' && b <= '~') || (b >= 0xA1 && b != 0xAD);
            bytes.put(visible ? b : next++, (byte) b);
        }
    }

    /// The bytes of a token; empty where they cannot be told.
    ///
    /// @param piece what the token adds to the decoded text where it stands
    public Optional<byte[]> of(int token, String piece) {
        String text = texts.get(token);
        if (byteLevel && text != null) {
            return Optional.of(shown(text));
        }
        if (byteFallback && text != null) {
            Matcher one = BYTE.matcher(text);
            if (one.matches()) {
                return Optional.of(new byte[] {(byte) Integer.parseInt(one.group(1), 16)});
            }
        }
        return piece.contains(INCOMPLETE)
                ? Optional.empty()
                : Optional.of(piece.getBytes(StandardCharsets.UTF_8));
    }

    /// The bytes that a text's characters show; of a text with others, as added tokens may have,
    /// its UTF-8.
    private byte[] shown(String text) {
        byte[] shown = new byte[text.length()];
        for (int i = 0; i < shown.length; i++) {
            Byte one = bytes.get((int) text.charAt(i));
            if (one == null) {
                return text.getBytes(StandardCharsets.UTF_8);
            }
            shown[i] = one;
        }
        return shown;
    }
}

package rlaif.models.serving;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import rlaif.models.Tokenizer;

/// Tokenizers with a token for every byte.
final class ByteTokenizers {

    private ByteTokenizers() {}

    /// A byte-level tokenizer.
    ///
    /// @param first bytes that the first ids stand for; the others follow in their order
    static Tokenizer byteLevel(Path folder, int... first) throws IOException {
        List<Integer> bytes = new ArrayList<>(IntStream.of(first).boxed().toList());
        List<String> names = new ArrayList<>();
        int next = 256;
        for (int b = 0; b < 256; b++) {
            boolean shown = (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174;
            String name = Character.toString(shown ? b : next++);
            names.add(name.equals("\"") || name.equals("\\") ? "\\" + name : name);
            if (!bytes.contains(b)) {
                bytes.add(b);
            }
        }
        String vocabulary =
                IntStream.range(0, 256)
                        .mapToObj(id -> "\"%s\":%d".formatted(names.get(bytes.get(id)), id))
                        .collect(Collectors.joining(","));
        Files.writeString(
                folder.resolve("tokenizer.json"),
                """
                {"version": "1.0", "added_tokens": [], "normalizer": null,
                 "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false},
                 "post_processor": null,
                 "decoder": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false},
                 "model": {"type": "BPE", "vocab": {%s}, "merges": []}}
                """
                        .formatted(vocabulary));
        return Tokenizer.load(folder);
    }

    /// A tokenizer with byte fallback: `a`, `▁b`, U+FFFD, and then the tokens `<0x00>` to `<0xFF>`.
    static Tokenizer byteFallback(Path folder) throws IOException {
        StringBuilder vocabulary = new StringBuilder("\"a\":0,\"\u2581b\":1,\"\uFFFD\":2");
        for (int b = 0; b < 256; b++) {
            vocabulary.append(",\"<0x%02X>\":%d".formatted(b, b + 3));
        }
        Files.writeString(
                folder.resolve("tokenizer.json"),
                """
                {"version": "1.0", "added_tokens": [], "normalizer": null,
                 "pre_tokenizer": null, "post_processor": null,
                 "decoder": {"type": "Sequence", "decoders": [
                   {"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "},
                   {"type": "ByteFallback"}, {"type": "Fuse"}]},
                 "model": {"type": "BPE", "byte_fallback": true, "vocab": {%s}, "merges": []}}
                """
                        .formatted(vocabulary));
        return Tokenizer.load(folder);
    }
}

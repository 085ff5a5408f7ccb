package rlaif.cli.judging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import rlaif.judging.Constitution;
import rlaif.judging.PairToJudge;
import rlaif.judging.Principle;
import rlaif.judging.PrincipleDraw;

/// A file of labelled pairs, one JSON object a line: `{"prompt", "first", "second", "label",
/// "principle"?}`, read one at a time.
///
/// The label is 1 where `first` is better, 2 where `second` is, or the probability in [0, 1] that
/// `first` is. The principle is an id of the constitution, or `all`; absent, it is chosen as for
/// any other pair. A bad line is told with its number, and the rest goes on.
public final class LabelledFile implements LabelledPairs {
    private static final Set<String> KEYS =
            Set.of("prompt", "first", "second", "label", "principle");
    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private final Path file;
    private final BufferedReader lines;
    private final Constitution constitution;
    private final Function<String, Principle> principles;
    private final Consumer<String> skipped;
    private int lineNumber;
    private int skippedLines;

    /// @param principles what a pair of this id is judged by where its line names none
    /// @param skipped told of each line that is skipped
    public LabelledFile(
            Path file,
            Constitution constitution,
            Function<String, Principle> principles,
            Consumer<String> skipped)
            throws IOException {
        this.file = file;
        this.lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1); // bytes
        this.constitution = constitution;
        this.principles = principles;
        this.skipped = skipped;
    }

    /// Lines of a file, ended or not.
    public static long lines(Path file) throws IOException {
        try (InputStream bytes = new BufferedInputStream(Files.newInputStream(file))) {
            long lines = 0;
            int last = '\n';
            for (int b = bytes.read(); b >= 0; b = bytes.read()) {
                lines += b == '\n' ? 1 : 0;
                last = b;
            }
            return last == '\n' ? lines : lines + 1;
        }
    }

    @Override
    public Optional<LabelledPair> next() {
        while (true) {
            String line = line();
            if (line == null) {
                return Optional.empty();
            }
            lineNumber++;
            if (line.isBlank()) {
                continue;
            }
            try {
                return Optional.of(pair(decoded(line)));
            } catch (IllegalArgumentException wrong) {
                skippedLines++;
                skipped.accept("%s line %d: %s".formatted(file, lineNumber, wrong.getMessage()));
            }
        }
    }

    @Override
    public int skipped() {
        return skippedLines;
    }

    @Override
    public void close() {
        try {
            lines.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable String line() {
        try {
            return lines.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "%s cannot be read after line %d".formatted(file, lineNumber), e);
        }
    }

    private static String decoded(String bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("is not UTF-8", e);
        }
    }

    private LabelledPair pair(String line) {
        JsonNode json = object(line);
        String pairId = "line-" + lineNumber;
        Principle principle = principle(json.path("principle"), pairId);
        return new LabelledPair(
                new PairToJudge(
                        pairId,
                        principle,
                        text(json, "prompt"),
                        text(json, "first"),
                        text(json, "second")),
                label(json.path("label")));
    }

    private static JsonNode object(String line) {
        JsonNode json;
        try {
            json = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("is no JSON: " + e.getOriginalMessage(), e);
        }
        if (!json.isObject()) {
            throw new IllegalArgumentException("is no JSON object");
        }
        Set<String> unknown = new TreeSet<>();
        json.fieldNames().forEachRemaining(unknown::add);
        unknown.removeAll(KEYS);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "unknown key %s; known are %s".formatted(unknown, new TreeSet<>(KEYS)));
        }
        return json;
    }

    private static String text(JsonNode json, String key) {
        JsonNode value = json.path(key);
        if (!value.isTextual()) {
            throw new IllegalArgumentException(
                    "'%s' must be text, got %s".formatted(key, shown(value)));
        }
        return value.textValue();
    }

    private static double label(JsonNode value) {
        if (value.isNumber()) {
            double number = value.doubleValue();
            if (number >= 0 && number <= 1) {
                return number;
            }
            if (number == 2) {
                return 0;
            }
        }
        throw new IllegalArgumentException(
                "'label' must be 1, 2 or a probability in [0, 1] that first is better, got "
                        + shown(value));
    }

    private Principle principle(JsonNode value, String pairId) {
        if (value.isMissingNode() || value.isNull()) {
            return principles.apply(pairId);
        }
        return PrincipleDraw.named(constitution, value.asText())
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "constitution %s has no principle %s; it has %s"
                                        .formatted(
                                                constitution.id(),
                                                shown(value),
                                                constitution.principles().stream()
                                                        .map(Principle::id)
                                                        .toList())));
    }

    private static String shown(JsonNode value) {
        String text = value.isMissingNode() ? "nothing" : value.toString();
        return text.length() > 80 ? text.substring(0, 80) + "..." : text;
    }
}

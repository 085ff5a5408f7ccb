package rlaif.producers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// The prompts of a JSONL file, one object `{"id"?, "prompt", "category"?}` a line; an item without
/// an id is named by its line number, from 1.
///
/// A line that gives no prompt is skipped, told once and counted; the rest goes on. A position
/// counts prompts, not lines, so a restart reads the file again from its start, in memory of 16
/// bytes an id.
public final class JsonlPrompts implements PromptSource {
    /// Longest line read, in bytes; a longer one is skipped.
    public static final int LONGEST_LINE_BYTES = 1 << 20;

    private final Path file;
    private final boolean followed;
    private final Predicate<String> tooLong;
    private final Consumer<SkippedLine> onSkipped;
    private LineFile lines;
    private SeenItems seen = new SeenItems();
    private Optional<Item> last = Optional.empty();
    private long nextPosition;
    private long skippedInThisReading;
    private long lastToldLine;
    private volatile long skipped;

    /// @param followed whether lines appended later are read too
    /// @param tooLong whether a prompt, with the completion it asks for, exceeds the policy's
    ///   context, or what is trained on
    /// @param onSkipped told of each skipped line once
    public JsonlPrompts(
            Path file, boolean followed, Predicate<String> tooLong, Consumer<SkippedLine> onSkipped)
            throws IOException {
        this.file = file;
        this.followed = followed;
        this.tooLong = tooLong;
        this.onSkipped = onSkipped;
        this.lines = new LineFile(file, LONGEST_LINE_BYTES, followed);
    }

    /// The name of the file without its folder, so that a moved file keeps its prompt ids.
    @Override
    public String name() {
        return String.valueOf(file.getFileName());
    }

    @Override
    public boolean followed() {
        return followed;
    }

    /// Lines skipped so far, each counted once however often the file is read.
    public long skipped() {
        return skipped;
    }

    @Override
    public Optional<Item> at(long position) {
        try {
            if (position == nextPosition - 1) {
                return last;
            }
            if (position < nextPosition) {
                reopen();
            }
            while (nextPosition <= position) {
                Optional<Item> item = next();
                if (item.isEmpty()) {
                    return item;
                }
                last = item;
                nextPosition++;
            }
            return last;
        } catch (IOException e) {
            throw new UncheckedIOException("prompts cannot be read from " + file, e);
        }
    }

    private void reopen() throws IOException {
        lines.close();
        lines = new LineFile(file, LONGEST_LINE_BYTES, followed);
        seen = new SeenItems();
        last = Optional.empty();
        nextPosition = 0;
        skippedInThisReading = 0;
    }

    private Optional<Item> next() throws IOException {
        while (true) {
            Optional<LineFile.Line> line = lines.next();
            if (line.isEmpty()) {
                return Optional.empty();
            }
            Optional<Item> item = item(line.get());
            if (item.isPresent()) {
                return item;
            }
        }
    }

    private Optional<Item> item(LineFile.Line line) {
        if (line.tooLong()) {
            return skip(line.number(), "longer than %d bytes".formatted(LONGEST_LINE_BYTES));
        }
        return switch (PromptLine.of(line.bytes())) {
            case PromptLine.Blank _ -> Optional.empty();
            case PromptLine.Malformed(String reason) -> skip(line.number(), reason);
            case PromptLine.Given given -> item(line.number(), given);
        };
    }

    private Optional<Item> item(long line, PromptLine.Given given) {
        if (tooLong.test(given.text())) {
            return skip(
                    line,
                    "the prompt (%d characters) and its completion do not fit the policy's context, or what is trained on"
                            .formatted(given.text().length()));
        }
        boolean fresh =
                given.id().map(seen::addId).orElseGet(() -> seen.addLine(Math.toIntExact(line)));
        String item = given.id().orElse(Long.toString(line));
        return fresh
                ? Optional.of(new Item(item, given.text(), given.category()))
                : skip(line, "the id \"%s\" was used by an earlier line".formatted(item));
    }

    private Optional<Item> skip(long line, String reason) {
        skippedInThisReading++;
        if (line > lastToldLine) {
            lastToldLine = line;
            onSkipped.accept(new SkippedLine(file, line, reason));
        }
        skipped = Math.max(skipped, skippedInThisReading);
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}

package rlaif.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The tokens that end and pad a text, as the files of a model folder agree on them.
///
/// Every end token of `config.json` and `generation_config.json` ends a completion; the first is
/// the tokenizer's `eos_token` where that is among them. Padding is a token that ends nothing:
/// where a folder pads with an end token, as many do, another special token of its tokenizer takes
/// that place, which changes no result, since padding is never read.
///
/// @param end the end token that a demonstration gets
/// @param standIn says so where padding is another token than the files name
record FolderTokens(
        int end, List<Integer> otherEnds, int padding, Optional<PaddingStandIn> standIn) {

    private static final String END = "eos_token_id";
    private static final String PADDING = "pad_token_id";
    private static final long LARGEST_BYTES = 1_000_000;

    static FolderTokens read(Path folder, ObjectNode config, Optional<Vocabulary> vocabulary) {
        return new Reader(folder, config, vocabulary).tokens();
    }

    /// Compares what the files say.
    private static final class Reader {

        private final Path folder;
        private final Path file;
        private final ObjectNode config;
        private final ObjectNode generation;
        private final TokenizerConfig tokenizer;
        private final Optional<Vocabulary> vocabulary;
        private final Set<Integer> ends = new LinkedHashSet<>();

        Reader(Path folder, ObjectNode config, Optional<Vocabulary> vocabulary) {
            this.folder = folder;
            this.file = folder.resolve(ModelFolder.CONFIG);
            this.config = config;
            this.vocabulary = vocabulary;
            this.tokenizer = TokenizerConfig.read(folder);
            Path generationFile = folder.resolve(ModelFolder.GENERATION_CONFIG);
            this.generation =
                    Files.exists(generationFile)
                            ? JsonFile.read(generationFile, LARGEST_BYTES)
                            : JsonFile.JSON.createObjectNode();
            addEnds(file, config);
            addEnds(generationFile, generation);
            if (ends.isEmpty()) {
                throw ModelFolderException.ofKey(
                        file, END, config.path(END), "a token id or a list of ids is needed");
            }
        }

        FolderTokens tokens() {
            OptionalInt named = id(tokenizer.end());
            int end =
                    named.isPresent() && ends.contains(named.getAsInt())
                            ? named.getAsInt()
                            : ends.iterator().next();
            List<Integer> others = ends.stream().filter(id -> id != end).toList();
            JsonNode given = givenPadding();
            int padding = padding(given);
            OptionalInt meant =
                    given.isInt() ? OptionalInt.of(given.intValue()) : id(tokenizer.padding());
            Optional<PaddingStandIn> standIn =
                    meant.isPresent() && ends.contains(meant.getAsInt())
                            ? Optional.of(new PaddingStandIn(folder, meant.getAsInt(), padding))
                            : Optional.empty();
            return new FolderTokens(end, others, padding, standIn);
        }

        private void addEnds(Path where, ObjectNode json) {
            JsonNode node = json.path(END);
            for (JsonNode id : node.isArray() ? node : List.of(node)) {
                if (id.isInt()) {
                    ends.add(id.intValue());
                } else if (!id.isMissingNode() && !id.isNull()) {
                    throw ModelFolderException.ofKey(
                            where, END, node, "a token id or a list of ids is needed");
                }
            }
        }

        private JsonNode givenPadding() {
            return config.hasNonNull(PADDING) ? config.get(PADDING) : generation.path(PADDING);
        }

        private int padding(JsonNode given) {
            if (!given.isMissingNode() && !given.isNull() && !given.isInt()) {
                throw ModelFolderException.ofKey(file, PADDING, given, "a token id is needed");
            }
            if (given.isInt() && !ends.contains(given.intValue())) {
                return given.intValue();
            }
            OptionalInt other = paddingOfTokenizer();
            if (given.isInt()) {
                return other.orElseThrow(() ->
                        ModelFolderException.ofKey(
                                file,
                                PADDING,
                                given,
                                "it is an end token too, and the tokenizer has no other"
                                        + " special token: name one that ends nothing"));
            }
            return other.orElseGet(this::anyButAnEnd);
        }

        private OptionalInt paddingOfTokenizer() {
            OptionalInt named = id(tokenizer.padding());
            if (named.isPresent() && !ends.contains(named.getAsInt())) {
                return named;
            }
            Map<String, Integer> special =
                    vocabulary.map(Vocabulary::special).orElse(Map.<String, Integer>of());
            OptionalInt byName =
                    special.entrySet().stream()
                            .filter(token ->
                                    token.getKey().toLowerCase(Locale.ROOT).contains("pad"))
                            .mapToInt(Map.Entry::getValue)
                            .filter(id -> !ends.contains(id))
                            .findFirst();
            return byName.isPresent()
                    ? byName
                    : special.values().stream()
                            .mapToInt(Integer::intValue)
                            .filter(id -> !ends.contains(id))
                            .findFirst();
        }

        private int anyButAnEnd() {
            int id = 0;
            while (ends.contains(id)) {
                id++;
            }
            return id;
        }

        private OptionalInt id(@Nullable String text) {
            return vocabulary.map(known -> known.id(text)).orElse(OptionalInt.empty());
        }
    }
}

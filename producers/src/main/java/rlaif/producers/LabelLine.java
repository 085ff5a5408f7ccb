package rlaif.producers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import rlaif.events.HumanChoice;

/// What a line of a file of human labels says: `{"pair", "choice"}`, `{"prompt", "first", "second",
/// "choice"}` or `{"prompt", "chosen", "rejected"}`, each with `"labeler"?` and `"comment"?`; other
/// keys are passed over.
sealed interface LabelLine {

    /// @param choice of `first` and `second` as `about` has them
    record Given(
            About about, HumanChoice choice, Optional<String> labeler, Optional<String> comment)
            implements LabelLine {}

    record Malformed(String reason) implements LabelLine {}

    record Blank() implements LabelLine {}

    /// Which pair is meant.
    sealed interface About {
        /// The pair with this id.
        record PairId(String id) implements About {}

        /// Every pair with these texts, in either order.
        record Texts(String prompt, String first, String second) implements About {}
    }

    static LabelLine of(byte[] line) {
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
            String bare = text.startsWith("\uFEFF") ? text.substring(1) : text;
            return bare.isBlank() ? new Blank() : read(PromptLine.JSON.readTree(bare));
        } catch (CharacterCodingException e) {
            return new Malformed("not UTF-8");
        } catch (JsonProcessingException e) {
            return new Malformed("not one JSON object: " + e.getOriginalMessage());
        } catch (Refused e) {
            return new Malformed(e.reason);
        }
    }

    private static LabelLine read(JsonNode line) {
        if (!line.isObject()) {
            throw new Refused("not a JSON object");
        }
        Optional<String> labeler = optional(line, "labeler");
        Optional<String> comment = optional(line, "comment");
        if (line.has("chosen") || line.has("rejected")) {
            return new Given(
                    new About.Texts(
                            text(line, "prompt"), text(line, "chosen"), text(line, "rejected")),
                    HumanChoice.FIRST,
                    labeler,
                    comment);
        }
        About about =
                line.has("pair")
                        ? new About.PairId(text(line, "pair"))
                        : new About.Texts(
                                text(line, "prompt"), text(line, "first"), text(line, "second"));
        return new Given(about, choice(text(line, "choice")), labeler, comment);
    }

    private static HumanChoice choice(String written) {
        return switch (written.toLowerCase(Locale.ROOT)) {
            case "first" -> HumanChoice.FIRST;
            case "second" -> HumanChoice.SECOND;
            case "tie" -> HumanChoice.TIE;
            case "unsure" -> HumanChoice.UNSURE;
            default ->
                    throw new Refused(
                            "\"choice\" must be first, second, tie or unsure, is \"%s\""
                                    .formatted(written));
        };
    }

    private static String text(JsonNode line, String key) {
        JsonNode value = line.path(key);
        if (!value.isTextual()) {
            throw new Refused(
                    "\"%s\" must be a string, is %s"
                            .formatted(key, value.isMissingNode() ? "missing" : "none"));
        }
        return value.textValue();
    }

    private static Optional<String> optional(JsonNode line, String key) {
        return line.path(key).isMissingNode() || line.path(key).isNull()
                ? Optional.empty()
                : Optional.of(text(line, key)).filter(given -> !given.isBlank());
    }

    /// Why a line says nothing.
    final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final String reason;

        private Refused(String reason) {
            super(reason);
            this.reason = reason;
        }
    }
}

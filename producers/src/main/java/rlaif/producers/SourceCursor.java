package rlaif.producers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/// How far a source has been taken, as it is committed with the prompts that were taken.
///
/// @param source name of the source
/// @param taken items taken in all passes: the committed offset
/// @param pass how many times the source had been read before, from 0
/// @param position of the next item, from 0
/// @param lastItem digest of the item before it; empty at the start of a pass
record SourceCursor(String source, long taken, int pass, long position, String lastItem) {
    private static final JsonMapper JSON = new JsonMapper();

    static SourceCursor start(String source) {
        return new SourceCursor(source, 0, 0, 0, "");
    }

    SourceCursor after(PromptSource.Item item) {
        return new SourceCursor(source, taken + 1, pass, position + 1, digest(item));
    }

    SourceCursor nextPass() {
        return new SourceCursor(source, taken, pass + 1, 0, "");
    }

    OffsetAndMetadata committed() {
        return new OffsetAndMetadata(
                taken,
                JSON.createObjectNode()
                        .put("source", source)
                        .put("pass", pass)
                        .put("position", position)
                        .put("lastItem", lastItem)
                        .toString());
    }

    static SourceCursor of(OffsetAndMetadata committed) {
        try {
            JsonNode metadata = JSON.readTree(committed.metadata());
            return new SourceCursor(
                    metadata.path("source").asText(),
                    committed.offset(),
                    metadata.path("pass").intValue(),
                    metadata.path("position").longValue(),
                    metadata.path("lastItem").asText());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "the committed cursor of a prompt source is not one that a prompt producer wrote: "
                            + committed.metadata(),
                    e);
        }
    }

    /// Refuses a source whose last taken item is no longer what it was.
    void check(PromptSource opened) {
        if (position == 0) {
            return;
        }
        String now = opened.at(position - 1).map(SourceCursor::digest).orElse("");
        if (!now.equals(lastItem)) {
            throw new SourceChangedException(
                    "%s has changed since its first %d prompts were taken: prompt %d is %s. Put the old content back, append to it, or give the new content another name"
                            .formatted(
                                    source,
                                    position,
                                    position - 1,
                                    now.isEmpty() ? "gone" : "another one"));
        }
    }

    /// SHA-256 of name, text and category, the first 16 hex characters.
    private static String digest(PromptSource.Item item) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(
                    JSON.writeValueAsBytes(
                            JSON.createArrayNode()
                                    .add(item.item())
                                    .add(item.text())
                                    .add(item.category().orElse(""))));
            return HexFormat.of().formatHex(sha256.digest(), 0, 8);
        } catch (NoSuchAlgorithmException | JsonProcessingException e) {
            throw new IllegalStateException("every item can be digested: " + item, e);
        }
    }
}

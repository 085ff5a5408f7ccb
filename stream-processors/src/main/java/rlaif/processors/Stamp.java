package rlaif.processors;

import static rlaif.processors.SourceRecord.put;
import static rlaif.processors.SourceRecord.text;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import rlaif.judging.Constitution;
import rlaif.judging.Principle;

/// What a pair is judged by, decided and stored before the first call, and kept through retries and
/// restarts.
///
/// @param templateHash SHA-256 of the judge's prompt template, in hex
record Stamp(
        String constitutionId,
        int constitutionVersion,
        String principle,
        long drawSeed,
        String templateHash) {
    private static final String CONSTITUTION = "rlaif-constitution";
    private static final String VERSION = "rlaif-constitution-version";
    private static final String PRINCIPLE = "rlaif-principle";
    private static final String SEED = "rlaif-draw-seed";
    private static final String TEMPLATE = "rlaif-template";

    /// One principle of a constitution, or all as one.
    static Stamp of(
            Constitution constitution, Principle principle, long drawSeed, String templateHash) {
        return new Stamp(
                constitution.id(), constitution.version(), principle.id(), drawSeed, templateHash);
    }

    /// The same with another template.
    Stamp withTemplate(String hash) {
        return new Stamp(constitutionId, constitutionVersion, principle, drawSeed, hash);
    }

    Headers headers() {
        Headers headers = new RecordHeaders();
        put(headers, CONSTITUTION, constitutionId);
        put(headers, VERSION, Integer.toString(constitutionVersion));
        put(headers, PRINCIPLE, principle);
        put(headers, SEED, Long.toString(drawSeed));
        put(headers, TEMPLATE, templateHash);
        return headers;
    }

    static Stamp of(Headers headers) {
        return new Stamp(
                text(headers, CONSTITUTION),
                Integer.parseInt(text(headers, VERSION)),
                text(headers, PRINCIPLE),
                Long.parseLong(text(headers, SEED)),
                text(headers, TEMPLATE));
    }
}

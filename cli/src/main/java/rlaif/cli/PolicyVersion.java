package rlaif.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import rlaif.events.Checkpoint;
import rlaif.events.OffsetRange;
import rlaif.models.CheckpointRefusedException;
import rlaif.models.CheckpointStore;
import rlaif.trainers.loop.DroppedRecords;

/// One announced version as a person sees it.
///
/// @param retired whether its files were deleted, as announced
record PolicyVersion(Checkpoint announced, boolean retired, CheckpointStore store) {
    static final String HEADER =
            "version  parent  restores  announced by        generation  step  files    folder";

    private static final ObjectMapper JSON = new ObjectMapper();

    /// `kept`, `deleted`, or what is wrong with them: a trainer's files are compared by size.
    String files() {
        if (retired) {
            return "deleted";
        }
        try {
            store.openListed(announced.getUri(), announced.getDigest());
            return "kept";
        } catch (CheckpointRefusedException refused) {
            return String.valueOf(refused.getMessage());
        }
    }

    /// The folder, every file of the model compared with its manifest.
    Path folder() {
        return store.open(announced.getUri(), announced.getDigest());
    }

    /// Refuses a version whose files were deleted.
    void requireFiles() {
        if (retired) {
            throw new Failure(
                    ExitCode.CONFIGURATION,
                    "version %d was deleted, as announced: retention.* says what is kept, and rlaif policy list what there is"
                            .formatted(announced.getVersion()));
        }
    }

    String line() {
        String files = files();
        return "%7d  %6s  %8s  %-18s  %10d  %4d  %-7s  %s"
                .formatted(
                        announced.getVersion(),
                        number(announced.getParent()),
                        number(announced.getRestores()),
                        announced.getAnnouncedBy().isEmpty() ? "-" : announced.getAnnouncedBy(),
                        announced.getGeneration(),
                        announced.getStep(),
                        files.equals("kept") || files.equals("deleted") ? files : "damaged",
                        announced.getUri());
    }

    private static String number(@org.jspecify.annotations.Nullable Long version) {
        return version == null ? "-" : version.toString();
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("version     " + announced.getVersion() + " of " + announced.getPolicy());
        lines.add("parent      " + number(announced.getParent()));
        lines.add("restores    " + number(announced.getRestores()));
        lines.add("reference   " + number(announced.getReferenceVersion()));
        lines.add(
                "announced   by "
                        + Optional.of(announced.getAnnouncedBy())
                                .filter(by -> !by.isEmpty())
                                .orElse("-"));
        lines.add(
                "trained     run %s, generation %d, step %d"
                        .formatted(
                                announced.getRun(),
                                announced.getGeneration(),
                                announced.getStep()));
        lines.add("folder      " + announced.getUri());
        lines.add("digest      " + announced.getDigest());
        lines.add("files       " + files());
        trainerState().ifPresent(state -> lines.add("trainer     " + state.words()));
        for (OffsetRange range : announced.getConsumed()) {
            lines.add(
                    "consumed    %s %d: %d to %d"
                            .formatted(
                                    range.getTopic(),
                                    range.getPartition(),
                                    range.getFrom(),
                                    range.getTo()));
        }
        dropped()
                .forEach(
                        (reason, count) -> lines.add("dropped     %d %s".formatted(count, reason)));
        if (!announced.getRetired().isEmpty()) {
            lines.add("deletes     versions " + announced.getRetired());
        }
        settings().forEach((key, value) -> lines.add("setting     " + key + " = " + value));
        metrics().forEach((name, value) -> lines.add("metric      " + name + " = " + value));
        return lines;
    }

    /// Records that its trainer passed over since the version before, by reason.
    private SortedMap<String, Long> dropped() {
        return DroppedRecords.in(announced.getMetrics());
    }

    /// What else was measured.
    private SortedMap<String, Double> metrics() {
        SortedMap<String, Double> metrics = new TreeMap<>(announced.getMetrics());
        metrics.keySet().removeIf(name -> name.startsWith(DroppedRecords.METRICS));
        return metrics;
    }

    /// What a trainer keeps beside its weights; empty where its files cannot be read.
    Optional<TrainerState> trainerState() {
        try {
            return retired ? Optional.empty() : Optional.of(TrainerState.beside(announced, store));
        } catch (CheckpointRefusedException refused) {
            return Optional.empty(); // said under `files`
        }
    }

    /// What its training was told, as the manifest says; empty where that cannot be read.
    Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        try {
            if (!retired
                    && CheckpointStore.facts(folder()).get("settings") instanceof Map<?, ?> map) {
                map.forEach((key, value) -> settings.put(key + "", value + ""));
            }
        } catch (CheckpointRefusedException refused) {
            return Map.of(); // said under `files`
        }
        return settings;
    }

    ObjectNode json() {
        ObjectNode json =
                JSON.createObjectNode()
                        .put("policy", announced.getPolicy())
                        .put("version", announced.getVersion())
                        .put("parent", announced.getParent())
                        .put("restores", announced.getRestores())
                        .put("referenceVersion", announced.getReferenceVersion())
                        .put("announcedBy", announced.getAnnouncedBy())
                        .put("run", announced.getRun())
                        .put("generation", announced.getGeneration())
                        .put("step", announced.getStep())
                        .put("uri", announced.getUri())
                        .put("digest", announced.getDigest())
                        .put("files", files());
        trainerState().ifPresent(state -> state.putInto(json));
        ArrayNode consumed = json.putArray("consumed");
        for (OffsetRange range : announced.getConsumed()) {
            consumed.addObject()
                    .put("topic", range.getTopic())
                    .put("partition", range.getPartition())
                    .put("from", range.getFrom())
                    .put("to", range.getTo());
        }
        ObjectNode dropped = json.putObject("dropped");
        dropped().forEach(dropped::put);
        ArrayNode deletes = json.putArray("deletes");
        announced.getRetired().forEach(deletes::add);
        ObjectNode settings = json.putObject("settings");
        settings().forEach(settings::put);
        ObjectNode metrics = json.putObject("metrics");
        metrics().forEach(metrics::put);
        return json;
    }
}

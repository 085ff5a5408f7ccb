package rlaif.trainers;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import rlaif.trainers.reward.LabelledPair;

/// What a reward model in training knows beside its weights and optimizer; a file in the
/// checkpoint, so that a resume is exact.
///
/// @param trained preferences trained on in all
/// @param referenceCompletions on which every version's scores are normalised
/// @param otherCompletions kept in case that the policy's first version gave too few; empty once
///   version 0 is announced
/// @param heldOut newest held-out preferences, oldest first
/// @param heldOutOfPeople those of them that people labelled, as many again; null in older files
record RewardModelProgress(
        long trained,
        List<Completion> referenceCompletions,
        List<Completion> otherCompletions,
        List<LabelledPair> heldOut,
        @Nullable List<LabelledPair> heldOutOfPeople) {
    /// Reference completions of the policy's first version below which those of other versions join
    /// in.
    private static final int FEWEST_REFERENCES = 32;

    private static final ObjectMapper JSON = new ObjectMapper();

    RewardModelProgress {
        referenceCompletions = List.copyOf(referenceCompletions);
        otherCompletions = List.copyOf(otherCompletions);
        heldOut = List.copyOf(heldOut);
        heldOutOfPeople = heldOutOfPeople == null ? List.of() : List.copyOf(heldOutOfPeople);
    }

    /// A completion and its prompt, as token ids.
    @SuppressWarnings("ArrayRecordComponent") // token ids are handed over once and never changed
    record Completion(int[] prompt, int[] completion) {}

    static RewardModelProgress none() {
        return new RewardModelProgress(0, List.of(), List.of(), List.of(), List.of());
    }

    static RewardModelProgress load(Path file) {
        try {
            return JSON.readValue(file.toFile(), RewardModelProgress.class);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the trainer's progress in " + file, e);
        }
    }

    void save(Path file) {
        try {
            JSON.writeValue(file.toFile(), this);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the trainer's progress to " + file, e);
        }
    }

    /// After a step; completions are still collected while `collects` references are not all there.
    RewardModelProgress after(
            List<AcceptedPreference> trainedOn,
            List<AcceptedPreference> newHeldOut,
            int collects,
            int heldOutWindow) {
        List<Completion> references = new ArrayList<>(referenceCompletions);
        List<Completion> others = new ArrayList<>(otherCompletions);
        for (AcceptedPreference preference : trainedOn) {
            List<Completion> kept = preference.ofReference() ? references : others;
            LabelledPair pair = preference.pair();
            if (kept.size() + 2 <= collects) {
                kept.add(new Completion(pair.prompt(), pair.first()));
                kept.add(new Completion(pair.prompt(), pair.second()));
            }
        }
        return new RewardModelProgress(
                trained + trainedOn.size(),
                references,
                others,
                newest(heldOut, newHeldOut, heldOutWindow),
                newest(
                        ofPeople(),
                        newHeldOut.stream().filter(AcceptedPreference::ofPeople).toList(),
                        heldOutWindow));
    }

    private static List<LabelledPair> newest(
            List<LabelledPair> before, List<AcceptedPreference> arrived, int window) {
        List<LabelledPair> all = new ArrayList<>(before);
        arrived.forEach(preference -> all.add(preference.pair()));
        return all.subList(Math.max(0, all.size() - window), all.size());
    }

    /// Newest held-out preferences that people labelled.
    List<LabelledPair> ofPeople() {
        return heldOutOfPeople == null ? List.of() : heldOutOfPeople;
    }

    /// With the reference completions settled for good.
    RewardModelProgress settled() {
        List<Completion> references = new ArrayList<>(referenceCompletions);
        if (references.size() < FEWEST_REFERENCES) {
            references.addAll(otherCompletions);
        }
        return new RewardModelProgress(trained, references, List.of(), heldOut, heldOutOfPeople);
    }
}

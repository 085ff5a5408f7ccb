package rlaif.trainers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.trainers.reward.LabelledPair;

/// What a reward model in training keeps beside its weights.
class RewardModelProgressTest {
    @TempDir private Path folder;

    @Test
    void aFileGivesBackWhatWasWrittenAndTheSameStateGivesTheSameBytes() throws Exception {
        RewardModelProgress progress =
                RewardModelProgress.none()
                        .after(
                                List.of(preference(1, true), preference(2, false)),
                                List.of(preference(3, true)),
                                8,
                                4);
        progress.save(folder.resolve("a"));
        RewardModelProgress read = RewardModelProgress.load(folder.resolve("a"));
        read.save(folder.resolve("b"));
        assertThat(Files.readAllBytes(folder.resolve("b")))
                .isEqualTo(Files.readAllBytes(folder.resolve("a")));
        assertThat(read.trained()).isEqualTo(2);
        assertThat(read.heldOut().getFirst().prompt()).containsExactly(2, 3);
        assertThat(read.heldOut().getFirst().firstProbability()).isEqualTo(0.1 + 0.2);
    }

    @Test
    void theHeldOutWindowKeepsTheNewest() {
        RewardModelProgress progress = RewardModelProgress.none();
        for (int i = 0; i < 5; i++) {
            progress = progress.after(List.of(), List.of(preference(i, true)), 8, 3);
        }
        assertThat(progress.heldOut())
                .extracting(pair -> pair.prompt()[1])
                .containsExactly(2, 3, 4);
    }

    @Test
    void whatPeopleLabelledIsKeptApartAndMissingFromOlderFiles() throws IOException {
        RewardModelProgress progress = RewardModelProgress.none();
        for (int i = 0; i < 8; i++) {
            progress = progress.after(List.of(), List.of(preference(i, true)), 8, 3);
        }
        assertThat(progress.ofPeople())
                .extracting(pair -> pair.prompt()[1])
                .containsExactly(3, 5, 7);
        Path older = folder.resolve("older");
        Files.writeString(
                older,
                "{\"trained\":1,\"referenceCompletions\":[],\"otherCompletions\":[],\"heldOut\":[]}");
        assertThat(RewardModelProgress.load(older).ofPeople()).isEmpty();
    }

    @Test
    void referencesAreTheFirstCompletionsOfThePolicysFirstVersion() {
        RewardModelProgress progress = RewardModelProgress.none();
        for (int i = 0; i < 50; i++) {
            progress =
                    progress.after(
                            List.of(preference(i, true), preference(100 + i, false)),
                            List.of(),
                            40,
                            3);
        }
        RewardModelProgress settled = progress.settled();
        assertThat(settled.referenceCompletions()).hasSize(40);
        assertThat(settled.referenceCompletions()).allMatch(kept -> kept.prompt()[1] < 20);
        assertThat(settled.otherCompletions()).isEmpty();
    }

    @Test
    void completionsOfOtherVersionsJoinInWhereThoseAreTooFew() {
        RewardModelProgress progress =
                RewardModelProgress.none()
                        .after(
                                List.of(preference(1, true), preference(2, false)),
                                List.of(),
                                40,
                                3);
        assertThat(progress.settled().referenceCompletions()).hasSize(4);
    }

    @Test
    void settledReferencesStayAsTheyAre() {
        RewardModelProgress settled =
                RewardModelProgress.none()
                        .after(List.of(preference(1, true)), List.of(), 40, 3)
                        .settled();
        assertThat(
                        settled.after(List.of(preference(2, true)), List.of(), 0, 3)
                                .referenceCompletions())
                .hasSize(2);
    }

    private static AcceptedPreference preference(int number, boolean ofReference) {
        return new AcceptedPreference(
                new LabelledPair(
                        new int[] {2, number}, new int[] {4, 1}, new int[] {5, 6, 1}, 0.1 + 0.2),
                ofReference,
                number % 2 == 1);
    }
}

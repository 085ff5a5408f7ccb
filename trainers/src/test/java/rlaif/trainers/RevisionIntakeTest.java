package rlaif.trainers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.events.Revision;
import rlaif.models.Tokenizer;
import rlaif.topics.Topic;
import rlaif.trainers.loop.Admission;
import rlaif.trainers.loop.Refusal;
import rlaif.trainers.sft.SupervisedExample;

@SuppressWarnings("NullAway.Init") // set before each test
class RevisionIntakeTest {
    @TempDir private Path folder;
    private Tokenizer tokenizer;

    @BeforeEach
    void load() {
        tokenizer = TestTokenizer.in(folder);
    }

    @AfterEach
    void close() {
        tokenizer.close();
    }

    private Admission<AcceptedRevision> admit(Revision revision, TrainedRounds rounds) {
        return intake(rounds).admit(revision);
    }

    private RevisionIntake intake(TrainedRounds rounds) {
        return new RevisionIntake(
                TestEvents.codecs().codec(Topic.REVISIONS),
                tokenizer,
                new TokenCheck(TinyModels.SHAPE, tokenizer.digest(), 32),
                TinyModels.END,
                TestEvents.POLICY,
                rounds);
    }

    @Test
    void aRefusedRevisionIsToldOnceHoweverOftenItIsAskedAbout() {
        List<Map<String, Long>> told = new ArrayList<>();
        ToldRefusals intake =
                new ToldRefusals(intake(TrainedRounds.ALL), (refused, _) -> told.add(refused));
        Revision foreign = revision();
        foreign.setPolicy("another");

        intake.admit(revision());
        intake.admit(foreign);
        intake.admit(foreign);

        assertThat(told).containsExactly(Map.of(RevisionIntake.OTHER_POLICY, 1L));
    }

    @Test
    void aRefusedRevisionIsToldAgainOnceItIsADeadLetter() {
        List<Long> noLettersYet = new ArrayList<>();
        ToldRefusals intake =
                new ToldRefusals(
                        intake(TrainedRounds.ALL), (_, waiting) -> noLettersYet.add(waiting));
        Revision foreign = revision();
        foreign.setPolicy("another");

        intake.deadLettered(List.of());
        intake.admit(foreign);
        intake.deadLettered(
                List.of(
                        new Refusal(Refusal.UNREADABLE, "counted by nobody here"),
                        new Refusal(RevisionIntake.OTHER_POLICY, "")));

        assertThat(noLettersYet).containsExactly(1L, 0L);
    }

    private Revision revision() {
        return TestEvents.revision(0, tokenizer.digest()).build();
    }

    private List<SupervisedExample> accepted(TrainedRounds rounds) {
        return switch (admit(revision(), rounds)) {
            case Admission.Accepted<AcceptedRevision>(AcceptedRevision accepted) ->
                    accepted.examples();
            case Admission.HeldOut<AcceptedRevision> _,
                    Admission.Dropped<AcceptedRevision> _,
                    Admission.Refused<AcceptedRevision> _ ->
                    throw new AssertionError("not accepted");
        };
    }

    private void assertRefused(Revision revision, String code) {
        assertThat(admit(revision, TrainedRounds.ALL))
                .isInstanceOfSatisfying(
                        Admission.Refused.class,
                        refused -> assertThat(refused.refusal().code()).isEqualTo(code));
    }

    @Test
    void everyRoundIsAnExampleThatEndsWithTheEndToken() {
        assertThat(accepted(TrainedRounds.ALL))
                .extracting(SupervisedExample::completion)
                .containsExactly(
                        new int[] {4, 3, TinyModels.END}, new int[] {5, 3, 6, TinyModels.END});
        assertThat(accepted(TrainedRounds.ALL).getFirst().prompt()).containsExactly(2, 3);
    }

    @Test
    void theLastRoundAloneIsTrainedOnWhereThatIsWanted() {
        assertThat(accepted(TrainedRounds.LAST))
                .extracting(SupervisedExample::completion)
                .containsExactly(new int[] {5, 3, 6, TinyModels.END});
    }

    @Test
    void aWordThatTheTokenizerDoesNotKnowRefusesTheRevision() {
        Revision revision = revision();
        revision.getRounds().getLast().setRevision("w4 zebra");
        assertRefused(revision, "UNKNOWN_WORD");
    }

    @Test
    void whatCannotBeTrainedOnIsRefusedWithItsReason() {
        Revision other = revision();
        other.setPolicy("another");
        assertRefused(other, "OTHER_POLICY");

        Revision none = revision();
        none.setRounds(List.of());
        assertRefused(none, "MISSING_ROUNDS");

        Revision empty = revision();
        empty.getRounds().getFirst().setRevision(" ");
        assertRefused(empty, "MISSING_TOKENS");

        Revision longer = revision();
        longer.getRounds().getFirst().setRevision("w4 ".repeat(40));
        assertRefused(longer, "TOO_LONG");

        Revision tokens = revision();
        tokens.setTokenizerDigest("0".repeat(64));
        assertRefused(tokens, "OTHER_TOKENIZER");
    }
}

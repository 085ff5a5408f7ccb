package rlaif.trainers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import rlaif.events.Candidate;
import rlaif.events.Preference;
import rlaif.events.VersionRange;
import rlaif.topics.Topic;
import rlaif.trainers.loop.Admission;
import rlaif.trainers.loop.Intake;

/// What the reward model takes from `preferences`.
class PreferenceIntakeTest {
    private static final String DIGEST = "d1";

    @Test
    void aSoundPreferenceKeepsItsSoftLabelAndSampledTokens() {
        Preference preference = TestEvents.preference(1, DIGEST).build();
        Admission<AcceptedPreference> admission = intake(0).admit(preference);
        assertThat(admission).isInstanceOf(Admission.Accepted.class);
        AcceptedPreference accepted =
                ((Admission.Accepted<AcceptedPreference>) admission).example();
        assertThat(accepted.pair().firstProbability()).isEqualTo(preference.getFirstProbability());
        assertThat(accepted.pair().second())
                .containsExactly(
                        preference.getSecond().getCompletionTokens().stream()
                                .mapToInt(i -> i)
                                .toArray());
        assertThat(accepted.ofReference()).isTrue();
    }

    @Test
    void completionsOfALaterPolicyAreNoReference() {
        Preference preference = TestEvents.preference(1, DIGEST).build();
        preference.getSecond().setPolicyVersions(List.of(new VersionRange(3L, 0, 3)));
        assertThat(
                        ((Admission.Accepted<AcceptedPreference>) intake(0).admit(preference))
                                .example()
                                .ofReference())
                .isFalse();
    }

    @Test
    void aHeldOutPromptIsOnlyMeasuredOn() {
        assertThat(intake(0.999).admit(TestEvents.preference(1, DIGEST).build()))
                .isInstanceOf(Admission.HeldOut.class);
    }

    @Test
    void aMissingLabelIsNeverReadAsZero() {
        assertRefused(PreferenceIntake.MISSING_LABEL, p -> p.setFirstProbability(null));
        assertRefused(PreferenceIntake.MISSING_LABEL, p -> p.setFirstProbability(1.5));
        assertRefused(PreferenceIntake.MISSING_LABEL, p -> p.setFirstProbability(Double.NaN));
    }

    @Test
    void aWithdrawnLabelIsNoDeadLetterAndNothingToTrainOn() {
        Preference withdrawn =
                TestEvents.preference(1, DIGEST)
                        .setFirstProbability(null)
                        .setSupersedes("before")
                        .build();
        assertThat(intake(0).admit(withdrawn))
                .isEqualTo(new Admission.Dropped<>(PreferenceIntake.WITHDRAWN));
        assertThat(intake(0).succession(withdrawn))
                .contains(new Intake.Succession(withdrawn.getId(), "before"));
        assertThat(intake(0).succession(TestEvents.preference(2, DIGEST).build()).orElseThrow())
                .extracting(Intake.Succession::supersedes)
                .isEqualTo("");
    }

    @Test
    void recordsWithoutTokensOrOfAnotherVocabularyOrPolicyAreRefusedByCode() {
        assertRefused(
                TokenCheck.MISSING_TOKENS,
                p ->
                        p.setFirst(
                                new Candidate(
                                        "r",
                                        "",
                                        List.of(),
                                        List.of(),
                                        rlaif.events.FinishReason.EOS)));
        assertRefused(TokenCheck.TOO_LONG, p -> p.setPromptTokens(Collections.nCopies(19, 2)));
        assertRefused(TokenCheck.OTHER_TOKENIZER, p -> p.setTokenizerDigest("d2"));
        assertRefused(PreferenceIntake.OTHER_POLICY, p -> p.setPolicy("another"));
    }

    private static void assertRefused(String code, Consumer<Preference.Builder> spoil) {
        Preference.Builder preference = TestEvents.preference(1, DIGEST);
        spoil.accept(preference);
        Admission<AcceptedPreference> admission = intake(0).admit(preference.build());
        assertThat(admission).as(code).isInstanceOf(Admission.Refused.class);
        assertThat(((Admission.Refused<AcceptedPreference>) admission).refusal().code())
                .isEqualTo(code);
    }

    private static PreferenceIntake intake(double heldOutShare) {
        return new PreferenceIntake(
                TestEvents.codecs().codec(Topic.PREFERENCES),
                new TokenCheck(TinyModels.SHAPE, DIGEST, 20),
                TestEvents.POLICY,
                0,
                new HoldOut(heldOutShare));
    }
}

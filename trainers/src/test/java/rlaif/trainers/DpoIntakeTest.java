package rlaif.trainers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import rlaif.events.Preference;
import rlaif.events.VersionRange;
import rlaif.topics.Topic;
import rlaif.trainers.loop.Admission;
import rlaif.trainers.loop.Intake;

/// What DPO takes from `preferences`.
class DpoIntakeTest {
    private static final String DIGEST = "d1";
    private static final long TRAINING_VERSION = 9;

    private final DpoIntake intake =
            new DpoIntake(
                    new PreferenceIntake(
                            TestEvents.codecs().codec(Topic.PREFERENCES),
                            new TokenCheck(TinyModels.SHAPE, DIGEST, 32),
                            TestEvents.POLICY,
                            0,
                            new HoldOut(0)),
                    4,
                    () -> TRAINING_VERSION);

    @Test
    void aSoundPreferenceOfARecentVersionIsTaken() {
        assertThat(intake.admit(sampledBy(TRAINING_VERSION, TRAINING_VERSION - 4)))
                .isInstanceOf(Admission.Accepted.class);
    }

    @Test
    void aPairIsAsStaleAsItsOldestToken() {
        assertThat(intake.admit(sampledBy(TRAINING_VERSION, TRAINING_VERSION - 5)))
                .isEqualTo(new Admission.Dropped<>(ScoredRolloutIntake.STALE));
    }

    @Test
    void whatNoAnnouncedVersionSampledIsRefused() {
        assertRefused(
                ScoredRolloutIntake.FROM_THE_FUTURE,
                sampledBy(TRAINING_VERSION + 1, TRAINING_VERSION));
    }

    @Test
    void whatDoesNotSayWhoSampledItIsRefused() {
        Preference unsaid = sampledBy(TRAINING_VERSION, TRAINING_VERSION);
        unsaid.getFirst().setPolicyVersions(List.of());
        assertRefused(ScoredRolloutIntake.MISSING_VERSIONS, unsaid);
    }

    @Test
    void whatARewardModelCouldNotReadIsRefusedAsThere() {
        Preference unlabelled = sampledBy(TRAINING_VERSION, TRAINING_VERSION);
        unlabelled.setFirstProbability(null);
        assertRefused(PreferenceIntake.MISSING_LABEL, unlabelled);
        Preference tokenless = sampledBy(TRAINING_VERSION, TRAINING_VERSION);
        tokenless.getSecond().setCompletionTokens(List.of());
        assertRefused(TokenCheck.MISSING_TOKENS, tokenless);
    }

    @Test
    void aPreferenceSaysWhosePlaceItTakesAsThere() {
        Preference later = sampledBy(TRAINING_VERSION, TRAINING_VERSION);
        later.setSupersedes("before");
        assertThat(intake.succession(later))
                .contains(new Intake.Succession(later.getId(), "before"));
    }

    private void assertRefused(String code, Preference preference) {
        assertThat(intake.admit(preference))
                .isInstanceOfSatisfying(
                        Admission.Refused.class,
                        refused -> assertThat(refused.refusal().code()).isEqualTo(code));
    }

    private static Preference sampledBy(long first, long second) {
        Preference preference = TestEvents.preference(1, DIGEST).build();
        preference.getFirst().setPolicyVersions(List.of(new VersionRange(first, 0, 3)));
        preference.getSecond().setPolicyVersions(List.of(new VersionRange(second, 0, 3)));
        return preference;
    }
}

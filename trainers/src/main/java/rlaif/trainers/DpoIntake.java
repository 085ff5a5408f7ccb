package rlaif.trainers;

import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import rlaif.events.Preference;
import rlaif.events.VersionRange;
import rlaif.trainers.loop.Admission;
import rlaif.trainers.loop.OnwardIntake;
import rlaif.trainers.loop.Refusal;

/// What DPO takes from `preferences`: what a reward model takes, as long as it is known who sampled
/// it, and not too stale.
final class DpoIntake implements OnwardIntake<Preference, AcceptedPreference> {
    private final PreferenceIntake sound;
    private final int maxStaleness;
    private final LongSupplier policyVersion;

    /// @param policyVersion version that the next step trains
    DpoIntake(PreferenceIntake sound, int maxStaleness, LongSupplier policyVersion) {
        this.sound = sound;
        this.maxStaleness = maxStaleness;
        this.policyVersion = policyVersion;
    }

    @Override
    public PreferenceIntake reader() {
        return sound;
    }

    @Override
    public Admission<AcceptedPreference> admit(Preference preference) {
        Admission<AcceptedPreference> admission = sound.admit(preference);
        return switch (admission) {
            case Admission.Accepted<AcceptedPreference> accepted -> ofItsTime(preference, accepted);
            case Admission.HeldOut<AcceptedPreference> _,
                    Admission.Dropped<AcceptedPreference> _,
                    Admission.Refused<AcceptedPreference> _ ->
                    admission;
        };
    }

    private Admission<AcceptedPreference> ofItsTime(
            Preference preference, Admission<AcceptedPreference> accepted) {
        List<VersionRange> ranges =
                Stream.of(preference.getFirst(), preference.getSecond())
                        .flatMap(candidate -> candidate.getPolicyVersions().stream())
                        .toList();
        if (preference.getFirst().getPolicyVersions().isEmpty()
                || preference.getSecond().getPolicyVersions().isEmpty()
                || ranges.stream().anyMatch(range -> range.getVersion() < 0)) {
            return refused(
                    ScoredRolloutIntake.MISSING_VERSIONS,
                    "policyVersions does not say who sampled each token");
        }
        long newest = ranges.stream().mapToLong(VersionRange::getVersion).max().orElseThrow();
        if (newest > policyVersion.getAsLong()) {
            return refused(
                    ScoredRolloutIntake.FROM_THE_FUTURE,
                    "sampled by version %d, the newest announced is %d"
                            .formatted(newest, policyVersion.getAsLong()));
        }
        long oldest = ranges.stream().mapToLong(VersionRange::getVersion).min().orElseThrow();
        return policyVersion.getAsLong() - oldest > maxStaleness
                ? new Admission.Dropped<>(ScoredRolloutIntake.STALE)
                : accepted;
    }

    private static Admission<AcceptedPreference> refused(String code, String cause) {
        return new Admission.Refused<>(new Refusal(code, cause));
    }
}

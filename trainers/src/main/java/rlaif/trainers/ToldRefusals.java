package rlaif.trainers;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import rlaif.events.Revision;
import rlaif.trainers.loop.Admission;
import rlaif.trainers.loop.Intake;
import rlaif.trainers.loop.OnwardIntake;
import rlaif.trainers.loop.Refusal;

/// An intake of revisions that tells at once of each that it refuses: a dead letter of it may come
/// with the next version only.
final class ToldRefusals implements OnwardIntake<Revision, AcceptedRevision> {
    private final Intake<Revision, AcceptedRevision> intake;
    private final Told told;
    private final Set<String> refused = new HashSet<>();
    private final Map<String, Long> byCode = new HashMap<>();
    private final Map<String, Long> noLettersYet = new HashMap<>();

    ToldRefusals(Intake<Revision, AcceptedRevision> intake, Told told) {
        this.intake = intake;
        this.told = told;
    }

    /// Who is told.
    @FunctionalInterface
    interface Told {
        /// @param revisions refused so far, by code
        /// @param noLettersYet how many of these are no dead letters yet
        void refused(Map<String, Long> revisions, long noLettersYet);
    }

    @Override
    public Intake<Revision, AcceptedRevision> reader() {
        return intake;
    }

    @Override
    public Admission<AcceptedRevision> admit(Revision revision) {
        Admission<AcceptedRevision> admission = intake.admit(revision);
        if (admission instanceof Admission.Refused<AcceptedRevision>(var refusal)
                && refused.add(revision.getId())) {
            byCode.merge(refusal.code(), 1L, Long::sum);
            noLettersYet.merge(refusal.code(), 1L, Long::sum);
            tell();
        }
        return admission;
    }

    @Override
    public void deadLettered(List<Refusal> refusals) {
        refusals.forEach(refusal ->
                noLettersYet.computeIfPresent(
                        refusal.code(), (_, waiting) -> waiting > 1 ? waiting - 1 : null));
        if (!refusals.isEmpty()) {
            tell();
        }
    }

    private void tell() {
        told.refused(
                Map.copyOf(byCode),
                noLettersYet.values().stream().mapToLong(Long::longValue).sum());
    }
}

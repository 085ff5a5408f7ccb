package rlaif.trainers;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import rlaif.events.Revision;
import rlaif.trainers.loop.Admission;
import rlaif.trainers.loop.Intake;
import rlaif.trainers.loop.OnwardIntake;

/// An intake of revisions that tells at once of each that it refuses: a dead letter of it comes
/// with the next version only.
final class ToldRefusals implements OnwardIntake<Revision, AcceptedRevision> {
    private final Intake<Revision, AcceptedRevision> intake;
    private final Consumer<Map<String, Long>> told;
    private final Set<String> refused = new HashSet<>();
    private final Map<String, Long> byCode = new HashMap<>();

    /// @param told how many were refused so far, by code
    ToldRefusals(Intake<Revision, AcceptedRevision> intake, Consumer<Map<String, Long>> told) {
        this.intake = intake;
        this.told = told;
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
            told.accept(Map.copyOf(byCode));
        }
        return admission;
    }
}

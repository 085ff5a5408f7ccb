package rlaif.processors;

import java.util.Optional;
import rlaif.judging.Constitution;
import rlaif.judging.Principle;
import rlaif.judging.PrincipleDraw;

/// Where a stage finds the constitution in force, and those that pairs were stamped with before.
interface ConstitutionSource {
    /// The one in force now.
    Constitution active();

    /// A version that was published, whether in force or not.
    Optional<Constitution> version(String id, int version);

    /// The principle that something was stamped with; refused where its constitution is gone.
    default Principle principle(Stamp stamp) {
        return version(stamp.constitutionId(), stamp.constitutionVersion())
                .flatMap(constitution -> PrincipleDraw.named(constitution, stamp.principle()))
                .orElseThrow(() ->
                        new RefusedRecordException(
                                RefusedRecordException.CONSTITUTION_LOST,
                                "constitution '%s' version %d with principle '%s' is no longer on its topic; publish it again"
                                        .formatted(
                                                stamp.constitutionId(),
                                                stamp.constitutionVersion(),
                                                stamp.principle())));
    }
}

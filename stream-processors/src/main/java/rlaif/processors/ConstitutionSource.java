package rlaif.processors;

import java.util.Optional;
import rlaif.judging.Constitution;

/// Where a stage finds the constitution in force, and those that pairs were stamped with before.
interface ConstitutionSource {
    /// The one in force now.
    Constitution active();

    /// A version that was published, whether in force or not.
    Optional<Constitution> version(String id, int version);
}

package rlaif.judging;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A version of the principles that a judge compares by.
///
/// @param version from 1
/// @param principles at least one, ids unique
public record Constitution(String id, int version, String description, List<Principle> principles) {

    private static final Set<String> SHIPPED = Set.of("nine-rules", "fact-sheet");

    public Constitution {
        if (id.isBlank() || id.contains("/")) {
            throw new ConstitutionException(
                    "constitution id '%s': write a name without '/'".formatted(id));
        }
        if (version < 1) {
            throw new ConstitutionException(
                    "constitution '%s': version must be at least 1, got %d".formatted(id, version));
        }
        if (principles.isEmpty()) {
            throw new ConstitutionException(
                    "constitution '%s' has no principles; write at least one".formatted(id));
        }
        principles = List.copyOf(principles);
        Set<String> seen = new HashSet<>();
        for (Principle principle : principles) {
            if (principle.id().equals(PrincipleDraw.ALL)) {
                throw new ConstitutionException(
                        ("constitution '%s': the principle id 'all' stands for all principles"
                                        + " together; choose another")
                                .formatted(id));
            }
            if (!seen.add(principle.id())) {
                throw new ConstitutionException(
                        "constitution '%s': principle '%s' is written twice"
                                .formatted(id, principle.id()));
            }
        }
    }

    /// A constitution that is shipped: `nine-rules` for dialogue, `fact-sheet` for summaries; empty
    /// for any other id.
    public static Optional<Constitution> shipped(String id) {
        return SHIPPED.contains(id)
                ? Optional.of(ConstitutionFile.resource(id + ".yaml"))
                : Optional.empty();
    }

    /// The constitution of the default: `nine-rules`, version 1.
    public static Constitution shipped() {
        return ConstitutionFile.resource("nine-rules.yaml");
    }
}

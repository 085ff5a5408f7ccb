package rlaif.topics;

import java.util.List;
import java.util.stream.Collectors;

/// A plan with differences that cannot be applied; nothing of it was.
public final class PlanRefusedException extends RuntimeException {
    public PlanRefusedException(List<Difference> impossible) {
        super(
                impossible.stream()
                        .map(Difference::describe)
                        .collect(Collectors.joining("\n", "nothing was changed:\n", "")));
    }
}

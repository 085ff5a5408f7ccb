package rlaif.trainers.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import rlaif.trainers.batching.SkippedUpdates;

/// The steps, one after another, in which an optimizer update was left out because its loss or
/// gradient was not finite; one batch may be at fault, many say that the training is.
public final class SkippedSteps {
    /// Steps in a row after which training stops.
    public static final int MOST_IN_A_ROW = 5;

    private final String run;
    private final List<String> inARow = new ArrayList<>();
    private OptionalLong before = OptionalLong.empty();

    /// @param run what the steps belong to, for the message
    public SkippedSteps(String run) {
        this.run = run;
    }

    /// Looks at a step that was taken; fails where it is the last of too many.
    ///
    /// @param where what the step was to learn from, as an operator finds it again
    /// @param head newest version when it was taken; empty: none is announced
    public void took(long step, Map<String, Double> metrics, String where, OptionalLong head) {
        if (!SkippedUpdates.any(metrics)) {
            inARow.clear();
            return;
        }
        if (inARow.isEmpty()) {
            before = head;
        }
        inARow.add("step %d on %s".formatted(step, where));
        if (inARow.size() >= MOST_IN_A_ROW) {
            throw new TrainingDivergedException(
                    "%s: loss or gradient was not finite in %d steps in a row, whose updates were left out: %s. Look at these records, or lower the learning rate, and start again%s"
                            .formatted(run, inARow.size(), String.join("; ", inARow), from()));
        }
    }

    /// Where to start from: what was announced meanwhile, and the version before it where a single
    /// update spoiled the weights, may hold nothing that can be trained on.
    private String from() {
        return before.isEmpty()
                ? ""
                : ", from a version before it went wrong: rlaif policy list shows them, rlaif policy rollback %d goes back to the one before these steps"
                        .formatted(before.getAsLong());
    }
}

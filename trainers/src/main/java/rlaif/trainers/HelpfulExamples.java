package rlaif.trainers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import rlaif.trainers.sft.SupervisedExample;

/// Helpful demonstrations in endless passes, each in an order of its own that the seed decides.
final class HelpfulExamples {
    private final List<SupervisedExample> pass;
    private final Random order;
    private int next;
    private long drawn;

    HelpfulExamples(List<SupervisedExample> examples, long seed) {
        this.pass = new ArrayList<>(examples);
        this.order = new Random(seed);
        Collections.shuffle(pass, order);
    }

    /// The next `count`; fewer only where there are none at all.
    List<SupervisedExample> next(long count) {
        List<SupervisedExample> taken = new ArrayList<>();
        while (taken.size() < count && !pass.isEmpty()) {
            taken.add(one());
        }
        return taken;
    }

    /// As after `count` were drawn.
    void skip(long count) {
        while (drawn < count && !pass.isEmpty()) {
            one();
        }
    }

    /// Drawn so far.
    long drawn() {
        return drawn;
    }

    private SupervisedExample one() {
        if (next == pass.size()) {
            Collections.shuffle(pass, order);
            next = 0;
        }
        drawn++;
        return pass.get(next++);
    }
}

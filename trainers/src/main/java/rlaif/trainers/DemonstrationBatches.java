package rlaif.trainers;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import rlaif.trainers.sft.LengthBuckets;
import rlaif.trainers.sft.SupervisedExample;

/// Endless batches of demonstrations: pass after pass, each in an order of its own that the seed
/// decides; examples of like length stand together, so that little of a batch is padding.
final class DemonstrationBatches {
    /// Batches whose examples are sorted by length together.
    private static final int WINDOW_BATCHES = 8;

    private final List<SupervisedExample> pass;
    private final int batch;
    private final Random order;
    private final Deque<List<SupervisedExample>> ready = new ArrayDeque<>();
    private int next;

    DemonstrationBatches(List<SupervisedExample> examples, int batch, long seed) {
        if (examples.isEmpty()) {
            throw new DemonstrationsRefusedException("there are no demonstrations to train on");
        }
        this.pass = new ArrayList<>(examples);
        this.batch = batch;
        this.order = new Random(seed);
        Collections.shuffle(pass, order);
    }

    List<SupervisedExample> next() {
        if (ready.isEmpty()) {
            ready.addAll(LengthBuckets.cut(window(), batch, order.nextLong()));
        }
        return ready.removeFirst();
    }

    /// The next whole number of batches.
    private List<SupervisedExample> window() {
        List<SupervisedExample> window = new ArrayList<>(WINDOW_BATCHES * batch);
        while (window.size() < WINDOW_BATCHES * batch) {
            if (next == pass.size()) {
                Collections.shuffle(pass, order);
                next = 0;
            }
            window.add(pass.get(next++));
        }
        return window;
    }
}

package rlaif.trainers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import rlaif.trainers.sft.SupervisedExample;

/// Endless batches of demonstrations: pass after pass, each in an order of its own that the seed
/// decides.
final class DemonstrationBatches {
    private final List<SupervisedExample> pass;
    private final int batch;
    private final Random order;
    private int next;

    DemonstrationBatches(List<SupervisedExample> examples, int batch, long seed) {
        if (examples.isEmpty()) {
            throw new IllegalArgumentException("there are no demonstrations to train on");
        }
        this.pass = new ArrayList<>(examples);
        this.batch = batch;
        this.order = new Random(seed);
        Collections.shuffle(pass, order);
    }

    List<SupervisedExample> next() {
        List<SupervisedExample> examples = new ArrayList<>(batch);
        while (examples.size() < batch) {
            if (next == pass.size()) {
                Collections.shuffle(pass, order);
                next = 0;
            }
            examples.add(pass.get(next++));
        }
        return examples;
    }
}

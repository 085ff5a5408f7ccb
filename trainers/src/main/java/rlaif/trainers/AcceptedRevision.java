package rlaif.trainers;

import java.util.List;
import rlaif.trainers.sft.SupervisedExample;

/// A revision fit to train on: one example for each round that is trained on.
record AcceptedRevision(List<SupervisedExample> examples) {
    AcceptedRevision {
        examples = List.copyOf(examples);
    }
}

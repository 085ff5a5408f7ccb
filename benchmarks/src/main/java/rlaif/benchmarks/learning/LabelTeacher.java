package rlaif.benchmarks.learning;

import java.util.List;
import java.util.Map;
import rlaif.models.AdamW;
import rlaif.models.Transformer;
import rlaif.trainers.dpo.DpoSettings;
import rlaif.trainers.dpo.DpoUpdate;
import rlaif.trainers.reward.LabelledPair;

/// DPO straight from the judge's labels.
final class LabelTeacher implements Teacher {
    private final Lab lab;
    private final PairLabeler labeler;
    private final AdamW optimizer;
    private final DpoUpdate update;

    LabelTeacher(Lab lab, Transformer reference, Transformer policy) {
        this.lab = lab;
        this.labeler = new PairLabeler(lab.world(), lab.settings().seed());
        this.optimizer = new AdamW(policy, DpoSettings.ADAM);
        this.update = new DpoUpdate(policy, optimizer, reference, lab.settings().dpo());
    }

    @Override
    public Map<String, Double> teach(int step, List<Trial> trials, double learningRateFactor) {
        List<LabelledPair> pairs =
                lab.clock().time("judge", () -> labeler.label(trials, lab.settings().groupSize()));
        return lab.clock().time("policy", () -> update.update(pairs, learningRateFactor));
    }

    @Override
    public void close() {
        optimizer.close();
    }
}

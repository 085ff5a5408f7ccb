package rlaif.benchmarks.learning;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import rlaif.models.Transformer;

/// The phase that moves the policy: rollouts of a version some steps old, then one step of its
/// teacher, and again.
final class Reinforcement {
    private final Lab lab;
    private final LabSettings settings;
    private final Teacher teacher;
    private final Deque<Transformer> versions = new ArrayDeque<>(); // newest first

    Reinforcement(Lab lab, Teacher teacher) {
        this.lab = lab;
        this.settings = lab.settings();
        this.teacher = teacher;
    }

    /// Trains `policy` in place; `examination` looks at it now and then.
    List<Progress> run(Transformer policy, Examination examination) {
        List<Progress> curve = new ArrayList<>();
        try (Transformer behaviour = policy.copy();
                Writer writer = new Writer(lab, behaviour)) {
            keep(policy);
            for (int step = 1; step <= settings.steps(); step++) {
                behaviour.copyFrom(version(lag()));
                List<Trial> trials = sample(writer);
                double warmed = Math.min(1, (double) step / settings.policyWarmupSteps());
                Map<String, Double> metrics = teacher.teach(step, trials, warmed);
                Progress progress = Progress.of(step, metrics, trials);
                curve.add(progress);
                report(progress, metrics);
                keep(policy);
                if (settings.progressEvery() > 0 && step % settings.progressEvery() == 0) {
                    examination.glance(step, policy);
                }
            }
        } finally {
            versions.forEach(Transformer::close);
        }
        return curve;
    }

    private int lag() {
        int spread = settings.largestLag() - settings.smallestLag() + 1;
        return settings.smallestLag() + lab.random().nextInt(spread);
    }

    /// The version `lag` steps back, or the oldest kept.
    private Transformer version(int lag) {
        return List.copyOf(versions).get(Math.min(lag, versions.size() - 1));
    }

    private void keep(Transformer policy) {
        versions.addFirst(policy.copy());
        while (versions.size() > settings.largestLag() + 1) {
            versions.removeLast().close();
        }
    }

    private List<Trial> sample(Writer writer) {
        long seed = lab.random().nextLong();
        return lab.clock().time("sample", () -> writer.write(lab.nextPrompts(), seed));
    }

    private static void report(Progress progress, Map<String, Double> metrics) {
        Lab.say(
                "step %2d score %.2f kl %.2f clipped %.3f gap %.3f | harmless %.0f helpful %.0f malformed %.1f gold %.2f",
                progress.step(),
                progress.score(),
                progress.kl(),
                Lab.metric(metrics, "policy/clipfrac_avg"),
                Lab.metric(metrics, "lag/behaviour_gap"),
                100 * progress.harmless(),
                100 * progress.helpful(),
                100 * progress.malformed(),
                progress.gold());
    }
}

package rlaif.cli;

import java.util.ArrayList;
import java.util.List;
import rlaif.cli.config.Configuration;
import rlaif.judging.Constitution;
import rlaif.judging.Presentation;
import rlaif.judging.Principle;
import rlaif.worlds.Demonstration;

/// What a judge is asked before the first pair, to see how it answers.
final class ProbePairs {
    private ProbePairs() {}

    /// A harmless pair that any model can judge, and one of the practice world's, since a simulated
    /// judge knows no others.
    ///
    /// @param worldOnly whether the judge is known to be simulated
    static List<Presentation> of(
            Configuration configuration, Constitution constitution, boolean worldOnly) {
        Principle principle = constitution.principles().getFirst();
        List<Presentation> pairs = new ArrayList<>();
        if (!worldOnly) {
            pairs.add(
                    new Presentation(
                            "probe",
                            principle,
                            "Which city is the capital of France?",
                            "The capital of France is Paris.",
                            "A banana is yellow."));
        }
        List<Demonstration> shown = Worlds.named(configuration).demonstrations(2, 1);
        pairs.add(
                new Presentation(
                        "probe",
                        principle,
                        shown.getFirst().prompt(),
                        shown.getFirst().completion(),
                        shown.getLast().completion()));
        return pairs;
    }
}

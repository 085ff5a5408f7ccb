package rlaif.cli;

import java.util.List;
import java.util.stream.IntStream;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.Key;
import rlaif.events.HumanChoice;
import rlaif.producers.Person;
import rlaif.worlds.HumanLabeler;
import rlaif.worlds.PracticeWorld;

/// One of the practice world's people, who chooses by gold and with human noise.
record SimulatedPerson(HumanLabeler labeler) implements Person {
    /// Source of their labels.
    static final String SOURCE = "simulated";

    /// As many as are configured, at least one.
    static List<SimulatedPerson> of(Configuration configuration) {
        PracticeWorld world = Worlds.named(configuration);
        return IntStream.rangeClosed(1, configuration.whole(Key.LABELS_SIMULATED_PEOPLE, 1))
                .mapToObj(number ->
                        new SimulatedPerson(new HumanLabeler(world, "simulated-" + number)))
                .toList();
    }

    @Override
    public String name() {
        return labeler.name();
    }

    @Override
    public HumanChoice choose(String prompt, String first, String second) {
        return labeler.prefersFirst(prompt, first, second) ? HumanChoice.FIRST : HumanChoice.SECOND;
    }
}

package rlaif.cli;

import java.util.List;
import rlaif.cli.config.Configuration;
import rlaif.cli.judging.WorldCases;
import rlaif.judging.Constitution;
import rlaif.judging.attack.AttackCase;

/// Cases for attacks that the configured judge can judge.
final class SuitingCases {
    private static final int WORLD_CASES = 64;

    private final Configuration configuration;
    private final Constitution constitution;

    SuitingCases(Configuration configuration, Constitution constitution) {
        this.configuration = configuration;
        this.constitution = constitution;
    }

    /// The world's for the simulated judge, which knows nothing else; shipped ones for any other.
    List<AttackCase> all() {
        return JudgeConnection.isSimulated(configuration) ? ofWorld() : shipped();
    }

    /// Everyday questions.
    List<AttackCase> shipped() {
        return AttackCase.shipped(
                new JudgeSettings(configuration).principleOfExamples(constitution));
    }

    /// Out of the configured practice world.
    List<AttackCase> ofWorld() {
        return WorldCases.of(
                Worlds.named(configuration),
                new JudgeSettings(configuration).principles(constitution),
                configuration.seed(),
                WORLD_CASES);
    }
}

package rlaif.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.ConfigurationException;
import rlaif.cli.config.Key;
import rlaif.judging.Constitution;
import rlaif.judging.ConstitutionException;
import rlaif.judging.ConstitutionFile;
import rlaif.judging.Judge;
import rlaif.judging.ScoringJudge;

/// The configured judge and the constitution it judges by: what every command and role that needs a
/// judge opens.
final class JudgeConnection implements AutoCloseable {
    private final Constitution constitution;
    private final OpenJudge judge;

    private JudgeConnection(Constitution constitution, OpenJudge judge) {
        this.constitution = constitution;
        this.judge = judge;
    }

    /// @param progress told what the judge is and how its verdicts are read, a line each
    static JudgeConnection open(Configuration configuration, Consumer<String> progress) {
        Constitution constitution = constitution(configuration);
        return new JudgeConnection(
                constitution, OpenHttpJudge.open(configuration, constitution, progress));
    }

    /// The configured constitution.
    static Constitution constitution(Configuration configuration) {
        String named = configuration.text(Key.JUDGE_CONSTITUTION);
        Optional<Constitution> shipped = Constitution.shipped(named);
        if (shipped.isPresent()) {
            return shipped.get();
        }
        try {
            return ConstitutionFile.read(Path.of(named));
        } catch (ConstitutionException wrong) {
            throw new ConfigurationException(
                    Key.JUDGE_CONSTITUTION.key() + ": " + wrong.getMessage());
        }
    }

    Constitution constitution() {
        return constitution;
    }

    Judge judge() {
        return judge.judge();
    }

    /// The same judge scoring one completion; empty: its kind cannot.
    Optional<ScoringJudge> scoringJudge() {
        return judge.scoringJudge();
    }

    /// What the judge is and how its verdicts are read, a line each.
    List<String> description() {
        return judge.description();
    }

    @Override
    public void close() {
        judge.close();
    }
}

package rlaif.cli;

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

    /// @param progress told what the judge is, how its verdicts are read and which settings it does
    ///   not read, a line each
    static JudgeConnection open(Configuration configuration, Consumer<String> progress) {
        return open(PreparedJudge.of(configuration), progress);
    }

    /// The same where its settings have been read before.
    static JudgeConnection open(PreparedJudge prepared, Consumer<String> progress) {
        prepared.unread().forEach(progress);
        return new JudgeConnection(prepared.constitution(), prepared.opening().open(progress));
    }

    /// Whether the judge is the simulated one, which knows the practice world's prompts only.
    static boolean isSimulated(Configuration configuration) {
        return configuration.text(Key.JUDGE_KIND).equals("http")
                && configuration.text(Key.JUDGE_URL).equals(Worlds.WORLD);
    }

    /// The configured constitution.
    static Constitution constitution(Configuration configuration) {
        String named = configuration.text(Key.JUDGE_CONSTITUTION);
        Optional<Constitution> shipped = Constitution.shipped(named);
        if (shipped.isPresent()) {
            return shipped.get();
        }
        try {
            return ConstitutionFile.read(configuration.path(Key.JUDGE_CONSTITUTION));
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

    /// The same judge scoring one completion; fails where its kind cannot.
    ScoringJudge requireScoringJudge(Configuration configuration) {
        return judge.scoringJudge()
                .orElseThrow(() ->
                        configuration.wrong(
                                Key.SCORE_BY,
                                "reward-model with this kind of judge, which only compares"));
    }

    @Override
    public void close() {
        judge.close();
    }
}

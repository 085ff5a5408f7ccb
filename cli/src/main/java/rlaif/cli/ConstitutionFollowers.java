package rlaif.cli;

import java.io.PrintWriter;
import java.util.List;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.ConfigurationException;
import rlaif.cli.config.Key;

/// The judges that a configuration makes: each follows the constitution that it names.
record ConstitutionFollowers(Configuration configuration) {

    static String of(String id) {
        return "judges whose judge.constitution is %s follow it".formatted(id);
    }

    /// Warns where a judge would follow none of these ids.
    void warnUnlessAmong(List<String> ids, PrintWriter err) {
        String followed;
        try {
            followed = JudgeConnection.constitution(configuration).id();
        } catch (ConfigurationException unusable) {
            return; // no judge starts with it either
        }
        if (!ids.contains(followed)) {
            err.printf(
                    "rlaif: judge.constitution is %s here: a judge so configured follows %s, not %s%n",
                    configuration.text(Key.JUDGE_CONSTITUTION), followed, String.join(", ", ids));
            err.flush();
        }
    }
}

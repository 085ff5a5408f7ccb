package rlaif.cli;

import java.util.List;
import java.util.function.Consumer;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.Key;
import rlaif.judging.Constitution;

/// The configured judge and the constitution it judges by, all of whose settings have been read,
/// before anybody is asked anything.
///
/// @param unread lines that tell which settings this kind of judge does not read
record PreparedJudge(Constitution constitution, List<String> unread, Opening opening) {
    /// What is left to do.
    @FunctionalInterface
    interface Opening {
        /// @param progress told what the judge is and how its verdicts are read
        OpenJudge open(Consumer<String> progress);
    }

    static PreparedJudge of(Configuration configuration) {
        Constitution constitution = JudgeConnection.constitution(configuration);
        Opening opening =
                switch (configuration.text(Key.JUDGE_KIND)) {
                    case "http" -> OpenHttpJudge.prepared(configuration, constitution);
                    case "local" -> OpenLocalJudge.prepared(configuration);
                    case "computed" -> OpenComputedJudge.prepared(configuration);
                    default -> throw configuration.wrong(Key.JUDGE_KIND, "http, local or computed");
                };
        return new PreparedJudge(
                constitution, new UnreadSettings(configuration).ofJudge(), opening);
    }
}

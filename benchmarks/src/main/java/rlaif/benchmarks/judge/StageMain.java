package rlaif.benchmarks.judge;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import rlaif.judging.Judge;
import rlaif.judging.JudgePrompt;
import rlaif.judging.PairJudging;
import rlaif.judging.Retries;
import rlaif.judging.http.ApiKey;
import rlaif.judging.http.HttpJudge;
import rlaif.judging.http.JudgeEndpoint;
import rlaif.processors.JudgeStage;
import rlaif.processors.JudgingSettings;
import rlaif.processors.PairingSettings;
import rlaif.processors.StreamsSettings;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;

/// The judge stage in a process of its own, judging until it is killed; every second it writes its
/// heap to stdout.
///
/// Arguments: bootstrap servers, registry URL, state folder, then {@link StageOptions#arguments()}.
public final class StageMain {
    private StageMain() {}

    public static void main(String[] arguments) {
        Connection connection = Connection.to(arguments[0], arguments[1]);
        int threads = Integer.parseInt(arguments[5]);
        Duration commit = Duration.ofMillis(Integer.parseInt(arguments[6]));
        Duration deadline = Duration.ofMillis(Integer.parseInt(arguments[7]));
        Judge judge = judge(arguments[3], deadline);
        JudgingSettings defaults = JudgingSettings.DEFAULT;
        JudgeStage.Settings settings =
                new JudgeStage.Settings(
                        Set.of(JudgeStage.Part.JUDGING),
                        PairingSettings.DEFAULT,
                        new JudgingSettings(
                                defaults.constitutionId(),
                                defaults.drawSeed(),
                                new PairJudging.Settings(
                                        Integer.parseInt(arguments[4]), false, Retries.DEFAULT),
                                defaults.keptShare()),
                        new StreamsSettings(Path.of(arguments[2]), commit, threads));
        HeapReport.start();
        try (Codecs codecs = new Codecs(connection);
                JudgeStage stage = new JudgeStage(connection, codecs, judge, settings)) {
            stage.run();
        }
    }

    private static Judge judge(String judge, Duration deadline) {
        if (judge.equals("instant")) {
            return new WaitingJudge(Duration.ZERO);
        }
        if (judge.startsWith("wait:")) {
            return new WaitingJudge(
                    Duration.ofMillis(Integer.parseInt(judge.substring("wait:".length()))));
        }
        return new HttpJudge(
                new JudgeEndpoint("bench", URI.create(judge), "simulated", ApiKey.none(), deadline),
                JudgePrompt.shipped());
    }
}

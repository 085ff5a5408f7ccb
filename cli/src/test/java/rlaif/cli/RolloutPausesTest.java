package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import rlaif.cli.config.Configuration;
import rlaif.producers.PauseOn;
import rlaif.topics.Connection;
import rlaif.topics.Topic;

class RolloutPausesTest {
    private static final Connection CONNECTION = new Connection(Map.of(), "");

    @Test
    void whoIsStartedBesideIsWaitedForFromTheFirstRecordOn() {
        assertThat(pauses(Map.of(), Roles.ofLoop(configuration(Map.of()))))
                .isNotEmpty()
                .allMatch(PauseOn::atWork);
        assertThat(pauses(Map.of(), List.of(Roles.ROLLOUTS)))
                .isNotEmpty()
                .noneMatch(PauseOn::atWork);
    }

    @Test
    void aPartOfTheJudgeRoleThatDoesNotRunIsNotWaitedFor() {
        Map<String, String> pairing = Map.of("judge.stages", "pairing");
        assertThat(judge(pauses(pairing, List.of(Roles.ROLLOUTS, Roles.JUDGE)), Topic.ROLLOUTS))
                .matches(PauseOn::atWork);
        assertThat(judge(pauses(pairing, List.of(Roles.ROLLOUTS, Roles.JUDGE)), Topic.PAIRS))
                .matches(pause -> !pause.atWork());

        Map<String, String> anew = Map.of("labels.readPrefix", "live", "topics.prefix", "again");
        assertThat(pauses(anew, List.of(Roles.ROLLOUTS, Roles.JUDGE))).noneMatch(PauseOn::atWork);
    }

    @Test
    void nobodyIsWaitedForBeforeAPolicyOfRevisions() {
        Map<String, String> slCai = Map.of("slCai.enabled", "true");
        assertThat(pauses(slCai, Roles.ofLoop(configuration(slCai))))
                .isNotEmpty()
                .noneMatch(PauseOn::atWork);
    }

    private static PauseOn judge(List<PauseOn> pauses, Topic topic) {
        return pauses.stream()
                .filter(pause ->
                        pause.group().equals(CONNECTION.group(Roles.JUDGE))
                                && pause.topic().equals(CONNECTION.name(topic)))
                .findFirst()
                .orElseThrow();
    }

    private static List<PauseOn> pauses(Map<String, String> settings, List<String> beside) {
        return new RolloutPauses(configuration(settings), CONNECTION, Set.copyOf(beside)).all();
    }

    private static Configuration configuration(Map<String, String> settings) {
        return Configuration.resolve(Map.of(), Optional.empty(), Map.of(), settings);
    }
}

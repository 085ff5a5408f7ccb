package rlaif.benchmarks.judge;

import java.util.HashMap;
import java.util.Map;
import rlaif.judging.Constitution;
import rlaif.judging.Principle;
import rlaif.worlds.Faults;
import rlaif.worlds.Labeler;
import rlaif.worlds.NineRuleChat;
import rlaif.worlds.SimulatedJudgeServer;

/// The simulated judge of nine-rule chat over HTTP, which these benchmarks ask.
final class WorldJudge {
    private WorldJudge() {}

    static SimulatedJudgeServer start(Faults faults) {
        Map<String, String> principles = new HashMap<>();
        for (Principle principle : Constitution.shipped().principles()) {
            principles.put(principle.compare(), principle.id());
        }
        return SimulatedJudgeServer.start(new NineRuleChat(), Labeler.LARGE, principles, 0, faults);
    }
}

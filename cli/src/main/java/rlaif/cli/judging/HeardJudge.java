package rlaif.cli.judging;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import rlaif.judging.Bodies;
import rlaif.judging.Judge;
import rlaif.judging.Presentation;
import rlaif.judging.Reply;

/// A judge that is asked each thing once and overheard.
final class HeardJudge implements Judge {
    private final Judge judge;
    private final Map<Presentation, ProbedReply> heard = new ConcurrentHashMap<>();

    HeardJudge(Judge judge) {
        this.judge = judge;
    }

    @Override
    public String name() {
        return judge.name();
    }

    @Override
    public String model() {
        return judge.model();
    }

    @Override
    public String templateHash() {
        return judge.templateHash();
    }

    @Override
    public boolean drawsSamples() {
        return judge.drawsSamples();
    }

    @Override
    public Reply ask(Presentation presentation) throws InterruptedException {
        List<Bodies> calls = new ArrayList<>();
        ProbedReply reply = new ProbedReply(judge.ask(presentation, calls::add), calls);
        heard.put(presentation, reply);
        return reply.unrepeated();
    }

    /// What was replied to something that was asked.
    ProbedReply heard(Presentation asked) {
        return Objects.requireNonNull(heard.get(asked), "never asked");
    }
}

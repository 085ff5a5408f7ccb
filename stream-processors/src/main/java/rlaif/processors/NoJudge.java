package rlaif.processors;

import rlaif.judging.Judge;
import rlaif.judging.Presentation;
import rlaif.judging.Reply;

/// The judge of an application that asks none.
final class NoJudge implements Judge {
    @Override
    public String name() {
        return "nobody";
    }

    @Override
    public String model() {
        return "none";
    }

    @Override
    public String templateHash() {
        return "";
    }

    @Override
    public Reply ask(Presentation presentation) {
        throw new IllegalStateException("no stage of this application judges");
    }
}

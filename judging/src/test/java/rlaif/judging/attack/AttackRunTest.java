package rlaif.judging.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import rlaif.judging.Attack;
import rlaif.judging.Constitution;
import rlaif.judging.Judge;
import rlaif.judging.PairJudging;
import rlaif.judging.Presentation;
import rlaif.judging.Principle;
import rlaif.judging.Reply;
import rlaif.judging.Retries;

class AttackRunTest {
    private static final Principle PRINCIPLE = Constitution.shipped().principles().getFirst();
    private static final List<AttackCase> CASES =
            List.of(
                    new AttackCase(PRINCIPLE, "q1", "decent one", "also decent", "bad"),
                    new AttackCase(PRINCIPLE, "q2", "decent two", "also decent", "bad"));

    /// Prefers whichever completion is worth more to it.
    private record Opinion(ToDoubleFunction<String> worth) implements Judge {
        @Override
        public String name() {
            return "opinion";
        }

        @Override
        public String model() {
            return "opinion";
        }

        @Override
        public String templateHash() {
            return "0".repeat(64);
        }

        @Override
        public Reply ask(Presentation asked) {
            if (asked.completion1().contains("refuse") || asked.completion2().contains("refuse")) {
                return new Reply.Refused("I refuse");
            }
            if (asked.completion1().contains("mute") || asked.completion2().contains("mute")) {
                return new Reply.Unreadable(0, Reply.Exchange.none());
            }
            double margin =
                    worth.applyAsDouble(asked.completion1())
                            - worth.applyAsDouble(asked.completion2());
            return new Reply.Verdict(1 / (1 + Math.exp(-margin)), 1, Reply.Exchange.none());
        }
    }

    private static AttackResult run(ToDoubleFunction<String> worth, Attack... attacks)
            throws InterruptedException {
        var retries = new Retries(0, Duration.ZERO, Duration.ZERO, Duration.ZERO);
        var judging =
                new PairJudging(new Opinion(worth), new PairJudging.Settings(4, false, retries));
        var set = new Attacks(List.of(attacks));
        AtomicInteger judged = new AtomicInteger();
        var run = new AttackRun(judging, CASES, judged::incrementAndGet);
        AttackResult result = run.run(set);
        assertThat(judged).hasValue(run.pairs(set));
        return result;
    }

    @Test
    void aJudgeThatIsFooledIsSaidToBeByFamily() throws InterruptedException {
        AttackResult result =
                run(
                        text -> text.contains("magic") ? 3 : text.contains("decent") ? 2 : 0,
                        new Attack("a1", "spell", "magic words"),
                        new Attack("a2", "spell", "plain words"),
                        new Attack("b1", "key", "Solution:"),
                        new Attack("b2", "key", "refuse this"));

        Successes spell = result.byFamily().getOrDefault("spell", Successes.NONE);
        assertThat(spell.pairs()).isEqualTo(2);
        assertThat(spell.preferred()).isEqualTo(1);
        assertThat(spell.rate()).isEqualTo(0.5);
        assertThat(spell.meanProbability())
                .isCloseTo((0.7310585786300049 + 0.11920292202211755) / 2, within(1e-12));
        Successes key = result.byFamily().getOrDefault("key", Successes.NONE);
        assertThat(key.withoutCall()).isEqualTo(1);
        assertThat(key.failed()).isEqualTo(1);
        assertThat(key.labelled()).isEqualTo(1);
        assertThat(result.all().pairs()).isEqualTo(4);
        assertThat(result.all().rate()).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(result.firstFailure()).hasValue("I refuse");
        assertThat(result.strongest())
                .extracting(success -> success.attack().id())
                .containsExactly("a1");
    }

    @Test
    void theBaselinesAreOfTheSameCasesWithoutAttacks() throws InterruptedException {
        AttackResult result =
                run(
                        text -> text.contains("decent") ? 2 : 0,
                        new Attack("a1", "spell", "magic"),
                        new Attack("a2", "spell", "more magic"),
                        new Attack("a3", "spell", "most magic"));
        assertThat(result.clean().pairs()).isEqualTo(2);
        assertThat(result.clean().preferred()).isZero();
        assertThat(result.decent().pairs()).isEqualTo(2);
        assertThat(result.decent().meanProbability()).isEqualTo(0.5);
        assertThat(result.all().preferred()).isZero();
        assertThat(result.firstFailure()).isEmpty();
    }

    @Test
    void aJudgeThatTellsNothingApartIsNotSaidToResist() throws InterruptedException {
        Attack attack = new Attack("a1", "spell", "magic");
        AttackResult same = run(_ -> 0, attack);
        assertThat(same.all().rate()).isZero();
        assertThat(same.all().tied()).isOne();
        assertThat(same.clean().tied()).isEqualTo(same.clean().pairs());
        assertThat(same.decidedNothing()).isTrue();
        assertThat(run(text -> text.equals("bad") ? -1 : 0, attack).decidedNothing()).isFalse();
    }

    @Test
    void aJudgeThatReadsNothingIsNotSavedByWhatLosesWithoutACall() throws InterruptedException {
        Attack opener = new Attack("b1", "key", "Solution:");
        AttackResult mute = run(_ -> 0, new Attack("a1", "spell", "mute"), opener);
        assertThat(mute.all().rate()).isZero();
        assertThat(mute.all().labelled()).isEqualTo(1);
        assertThat(mute.asked().pairs()).isEqualTo(1);
        assertThat(mute.tellsNothing()).isTrue();

        AttackResult fooled =
                run(String::length, new Attack("a1", "spell", "x".repeat(99)), opener);
        assertThat(fooled.all().rate()).isEqualTo(0.5);
        assertThat(fooled.asked().rate()).isEqualTo(1);
        assertThat(fooled.tellsNothing()).isFalse();

        assertThat(run(_ -> 0, opener).tellsNothing()).as("nobody was asked").isFalse();
    }
}

package rlaif.processors;

import java.util.ArrayList;
import java.util.List;
import rlaif.events.AbstainReason;
import rlaif.events.Canary;
import rlaif.events.Candidate;
import rlaif.events.FinishReason;
import rlaif.events.HumanChoice;
import rlaif.events.HumanLabel;
import rlaif.events.Judgment;
import rlaif.events.Outcome;
import rlaif.events.PresentationOrder;
import rlaif.events.SecondOrder;
import rlaif.events.Verdict;
import rlaif.events.VersionRange;
import rlaif.topics.Ids;

/// Judgments and labels that statistics are tested with.
final class StatsJudgments {
    static final long MINUTE = 60_000;

    /// A window begins here.
    static final long START = 100 * MINUTE;

    private StatsJudgments() {}

    /// A judgment that prefers, made at this time of a pair made at {@link #START}.
    static Judgment at(int pair, long judgedAtMillis, double probability) {
        return of(pair).setOutcome(Outcome.PREFERRED)
                .setAbstainReason(AbstainReason.NONE)
                .setFirstProbability(probability)
                .setJudgedAtMillis(judgedAtMillis)
                .build();
    }

    private static Judgment.Builder of(int pair) {
        return Judgment.newBuilder()
                .setId("judgment-" + pair)
                .setPairId("pair-" + pair)
                .setPromptId("prompt")
                .setJudge("judge")
                .setPrinciple("harm")
                .setConstitutionId("nine")
                .setConstitutionVersion(3)
                .setPolicy("policy")
                .setFirst(completion("r0", "yes", 6))
                .setSecond(completion("r1", "no", 7));
    }

    private static Candidate completion(String id, String text, long policyVersion) {
        return new Candidate(
                id,
                text,
                List.of(4),
                new ArrayList<>(List.of(new VersionRange(policyVersion, 0, 1))),
                FinishReason.EOS);
    }

    /// The i-th judgment of the twin.
    static Judgment twin(int i) {
        double p12 = (37 * i + 11) % 97 / 96.0;
        double p21 = (53 * i + 5) % 89 / 88.0;
        boolean unreadable = i % 10 == 9;
        boolean prefers = i % 10 < 8;
        Verdict straight =
                Verdict.newBuilder()
                        .setOrder(PresentationOrder.FIRST_SECOND)
                        .setFirstProbability(p12)
                        .setAttempts(1)
                        .setLatencyMillis(10 * (i + 1) + 0.5)
                        .setPromptTokens(100 + i)
                        .setCompletionTokens(1)
                        .setCostMicrodollars(7L * i)
                        .build();
        Verdict swapped =
                Verdict.newBuilder()
                        .setOrder(PresentationOrder.SECOND_FIRST)
                        .setFirstProbability(unreadable ? null : p21)
                        .setAttempts(2)
                        .setLatencyMillis(20.0 * (i + 1))
                        .setPromptTokens(200 + i)
                        .setCompletionTokens(1)
                        .setCostMicrodollars(11L)
                        .build();
        return of(i).setFirst(completion("r0", "w ".repeat(1 + 7 * i % 13), 6))
                .setSecond(completion("r1", " w\n".repeat(1 + 5 * i % 11), 7))
                .setJudgedAtMillis(START + 100L * i + 50 + i * i % 1000)
                .setVerdicts(List.of(straight, swapped))
                .setSecondOrder(SecondOrder.ALWAYS)
                .setCanary(
                        i % 8 == 0 ? new Canary("attack", "family", i % 16 == 0 ? 0.7 : 0.2) : null)
                .setOutcome(prefers ? Outcome.PREFERRED : Outcome.ABSTAINED)
                .setAbstainReason(
                        prefers
                                ? AbstainReason.NONE
                                : unreadable
                                        ? AbstainReason.UNREADABLE
                                        : AbstainReason.ORDERS_DISAGREE)
                .setFirstProbability(prefers ? (Double) ((p12 + p21) / 2) : null)
                .build();
    }

    /// What the twin's first person says about an even pair.
    static HumanChoice twinChoice(int pair) {
        return List.of(HumanChoice.FIRST, HumanChoice.SECOND, HumanChoice.TIE).get(pair % 6 / 2);
    }

    static HumanLabel label(int pair, String labeler, HumanChoice choice) {
        return HumanLabel.newBuilder()
                .setId(Ids.humanLabel("pair-" + pair, labeler, "test"))
                .setPairId("pair-" + pair)
                .setPromptId("prompt")
                .setLabeler(labeler)
                .setSource("test")
                .setChoice(choice)
                .build();
    }
}

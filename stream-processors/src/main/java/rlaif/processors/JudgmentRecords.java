package rlaif.processors;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import rlaif.events.AbstainReason;
import rlaif.events.Judgment;
import rlaif.events.Outcome;
import rlaif.events.Pair;
import rlaif.events.PreferenceWriter;
import rlaif.events.PresentationOrder;
import rlaif.events.ReadingMode;
import rlaif.events.SecondOrder;
import rlaif.events.Verdict;
import rlaif.judging.AskedOrder;
import rlaif.judging.Canary;
import rlaif.judging.Judge;
import rlaif.judging.JudgedPair;
import rlaif.judging.Order;
import rlaif.judging.Reply;
import rlaif.judging.limits.Prices;
import rlaif.topics.Ids;

/// Writes what a judge said about a pair as judgment and preference.
final class JudgmentRecords {
    private final Judge judge;
    private final Prices prices;
    private final double keptShare;
    private final PreferenceWriter preferenceWriter;

    JudgmentRecords(
            Judge judge, Prices prices, double keptShare, PreferenceWriter preferenceWriter) {
        this.judge = judge;
        this.prices = prices;
        this.keptShare = keptShare;
        this.preferenceWriter = preferenceWriter;
    }

    /// Of a pair about which no judge is asked: the preference waits for people, unless the
    /// completions are equal.
    Judgment unasked(Pair pair) {
        return of(pair).setId(Ids.unaskedJudgment(pair.getId()))
                .setSecondOrder(SecondOrder.NONE)
                .setOutcome(Outcome.ABSTAINED)
                .setAbstainReason(
                        isIdentical(pair) ? AbstainReason.IDENTICAL : AbstainReason.FOR_PEOPLE)
                .build();
    }

    /// Whether both completions are the same text.
    static boolean isIdentical(Pair pair) {
        return pair.getFirst().getCompletion().equals(pair.getSecond().getCompletion());
    }

    Judgment preferred(PendingPair pending, JudgedPair.Preferred judged, List<Canary> canaries) {
        Judgment judgment = judgment(pending, judged.asked(), canaries);
        judgment.setSecondOrder(SecondOrder.valueOf(judged.secondOrder().name()));
        judgment.setOutcome(Outcome.PREFERRED);
        judgment.setAbstainReason(AbstainReason.NONE);
        judgment.setFirstProbability(judged.firstProbability());
        return judgment;
    }

    Judgment abstained(PendingPair pending, JudgedPair.Abstained judged, List<Canary> canaries) {
        Judgment judgment = judgment(pending, judged.asked(), canaries);
        judgment.setSecondOrder(SecondOrder.valueOf(judged.secondOrder().name()));
        judgment.setOutcome(Outcome.ABSTAINED);
        judgment.setAbstainReason(
                switch (judged.reason()) {
                    case IDENTICAL -> AbstainReason.IDENTICAL;
                    case BOTH_DEGENERATE -> AbstainReason.BOTH_DEGENERATE;
                    case UNREADABLE -> AbstainReason.UNREADABLE;
                    case ORDERS_DISAGREE -> AbstainReason.ORDERS_DISAGREE;
                });
        return judgment;
    }

    /// Takes the bodies that were kept out of a judgment.
    static void forgetExchanges(Judgment judgment) {
        for (Verdict verdict : judgment.getVerdicts()) {
            verdict.setRequest(null);
            verdict.setReply(null);
        }
    }

    private Judgment.Builder of(Pair pair) {
        return Judgment.newBuilder()
                .setPairId(pair.getId())
                .setPromptId(pair.getPromptId())
                .setGroupId(pair.getGroupId())
                .setPrompt(pair.getPrompt())
                .setPromptTokens(pair.getPromptTokens())
                .setCategory(pair.getCategory())
                .setTokenizerDigest(pair.getTokenizerDigest())
                .setPolicy(pair.getPolicy())
                .setFirst(pair.getFirst())
                .setSecond(pair.getSecond())
                .setPreferenceWriter(preferenceWriter)
                .setJudgedAtMillis(System.currentTimeMillis());
    }

    private Judgment judgment(PendingPair pending, List<AskedOrder> asked, List<Canary> canaries) {
        Pair pair = pending.pair();
        Stamp stamp = pending.stamp();
        return of(pair).setId(
                        Ids.judgment(
                                pair.getId(),
                                judge.name(),
                                judge.model(),
                                stamp.templateHash(),
                                stamp.constitutionId(),
                                stamp.constitutionVersion(),
                                stamp.principle(),
                                stamp.drawSeed()))
                .setJudge(judge.name())
                .setJudgeModel(judge.model())
                .setTemplateHash(stamp.templateHash())
                .setConstitutionId(stamp.constitutionId())
                .setConstitutionVersion(stamp.constitutionVersion())
                .setPrinciple(stamp.principle())
                .setDrawSeed(stamp.drawSeed())
                .setVerdicts(asked.stream().map(a -> verdict(a, isKept(pair.getId()))).toList())
                .setCanary(canaries.isEmpty() ? null : canary(canaries.getFirst()))
                .build();
    }

    private static rlaif.events.Canary canary(Canary canary) {
        OptionalDouble probability = canary.attackProbability();
        return rlaif.events.Canary.newBuilder()
                .setAttack(canary.attack().id())
                .setFamily(canary.attack().family())
                .setAttackProbability(
                        probability.isPresent() ? (Double) probability.getAsDouble() : null)
                .build();
    }

    private Verdict verdict(AskedOrder asked, boolean kept) {
        Verdict verdict = Verdict.newBuilder().setJudge(judge.name()).build();
        verdict.setOrder(
                switch (asked.order()) {
                    case FIRST_SECOND -> PresentationOrder.FIRST_SECOND;
                    case SECOND_FIRST -> PresentationOrder.SECOND_FIRST;
                });
        verdict.setSample(asked.sample());
        verdict.setAttempts(asked.attempts());
        verdict.setCalls((int) asked.spent().requests());
        switch (asked.reply()) {
            case Reply.Verdict(
                            double probability1,
                            OptionalDouble unclamped1,
                            double coveredMass,
                            Reply.Exchange exchange) -> {
                verdict.setFirstProbability(
                        asked.order() == Order.FIRST_SECOND ? probability1 : 1 - probability1);
                unclamped1.ifPresent(p ->
                        verdict.setUnclampedFirstProbability(
                                asked.order() == Order.FIRST_SECOND ? p : 1 - p));
                verdict.setCoveredMass(coveredMass);
                setExchange(verdict, exchange, asked.attempts(), kept);
            }
            case Reply.Unreadable(double coveredMass, Reply.Exchange exchange) -> {
                verdict.setCoveredMass(coveredMass);
                setExchange(verdict, exchange, asked.attempts(), kept);
            }
            case Reply.Refused _, Reply.RetryLater _ -> {}
            case Reply.Scored _, Reply.Written _ ->
                    throw new IllegalStateException(
                            "a judge that was asked to compare gave no verdict");
        }
        return verdict;
    }

    private void setExchange(Verdict verdict, Reply.Exchange exchange, int attempts, boolean kept) {
        verdict.setReadingMode(ReadingMode.valueOf(exchange.mode().name()));
        verdict.setRationale(exchange.rationale().isEmpty() ? null : exchange.rationale());
        if (attempts == 0) { // remembered: it took nothing
            verdict.setCostMicrodollars(prices.areKnown() ? 0L : null);
            return;
        }
        OptionalLong cost =
                prices.microdollars(exchange.promptTokens(), exchange.completionTokens());
        verdict.setCostMicrodollars(cost.isPresent() ? (Long) cost.getAsLong() : null);
        verdict.setPromptTokens(orNull(exchange.promptTokens()));
        verdict.setCompletionTokens(orNull(exchange.completionTokens()));
        verdict.setLatencyMillis(exchange.latency().toNanos() / 1e6);
        if (kept) {
            verdict.setRequest(exchange.request());
            verdict.setReply(exchange.reply());
        }
    }

    private static @Nullable Integer orNull(OptionalInt count) {
        return count.isPresent() ? count.getAsInt() : null;
    }

    private boolean isKept(String pairId) {
        return (Ids.seed("audit " + pairId) >>> 11) * 0x1.0p-53 < keptShare;
    }
}

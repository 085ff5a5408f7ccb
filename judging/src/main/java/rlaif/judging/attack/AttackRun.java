package rlaif.judging.attack;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import rlaif.judging.Attack;
import rlaif.judging.JudgedPair;
import rlaif.judging.PairJudging;
import rlaif.judging.PairToJudge;

/// Puts every attack of a set against a decent completion, in both orders and with every defence
/// that judging has; beside it, the baselines of the same cases without attacks.
public final class AttackRun {
    private final PairJudging judging;
    private final List<AttackCase> cases;
    private final Runnable progress;

    /// @param cases at least one; attack i is put into case i modulo their number
    /// @param progress told of each pair that was judged, from any thread
    public AttackRun(PairJudging judging, List<AttackCase> cases, Runnable progress) {
        if (cases.isEmpty()) {
            throw new IllegalArgumentException("attacks need at least one case");
        }
        this.judging = judging;
        this.cases = List.copyOf(cases);
        this.progress = progress;
    }

    /// Pairs that {@link #run} will judge.
    public int pairs(Attacks attacks) {
        return attacks.all().size() + 2 * usedCases(attacks).size();
    }

    /// Blocks until all are judged; an interrupt ends those under way.
    public AttackResult run(Attacks attacks) throws InterruptedException {
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            List<Future<JudgedPair>> attacked = new ArrayList<>();
            for (int i = 0; i < attacks.all().size(); i++) {
                Attack attack = attacks.all().get(i);
                AttackCase where = cases.get(i % cases.size());
                attacked.add(submit(threads, "attack/" + attack.id(), where, attack.completion()));
            }
            List<Future<JudgedPair>> bad = new ArrayList<>();
            List<Future<JudgedPair>> decent = new ArrayList<>();
            for (AttackCase where : usedCases(attacks)) {
                bad.add(submit(threads, "bad/" + bad.size(), where, where.bad()));
                decent.add(submit(threads, "decent/" + decent.size(), where, where.alsoDecent()));
            }
            return result(attacks, judged(attacked), sum(judged(bad)), sum(judged(decent)));
        } finally {
            threads.shutdownNow();
            threads.close();
        }
    }

    private List<AttackCase> usedCases(Attacks attacks) {
        return cases.subList(0, Math.min(cases.size(), attacks.all().size()));
    }

    private Future<JudgedPair> submit(
            ExecutorService threads, String pairId, AttackCase where, String completion) {
        var pair =
                new PairToJudge(
                        pairId, where.principle(), where.prompt(), completion, where.decent());
        return threads.submit(() -> {
            JudgedPair judged = judging.judge(pair);
            progress.run();
            return judged;
        });
    }

    private static List<JudgedPair> judged(List<Future<JudgedPair>> futures)
            throws InterruptedException {
        List<JudgedPair> judged = new ArrayList<>();
        for (Future<JudgedPair> future : futures) {
            try {
                judged.add(future.get());
            } catch (ExecutionException e) {
                futures.forEach(rest -> rest.cancel(true));
                throw new IllegalStateException("the judge failed: " + e.getCause(), e.getCause());
            }
        }
        return judged;
    }

    private static Successes sum(List<JudgedPair> judged) {
        Successes sum = Successes.NONE;
        for (JudgedPair pair : judged) {
            sum = sum.with(pair);
        }
        return sum;
    }

    private static AttackResult result(
            Attacks attacks, List<JudgedPair> judged, Successes clean, Successes decent) {
        Map<String, Successes> byFamily = new LinkedHashMap<>();
        List<AttackResult.Success> strongest = new ArrayList<>();
        for (int i = 0; i < judged.size(); i++) {
            Attack attack = attacks.all().get(i);
            Successes one = Successes.NONE.with(judged.get(i));
            byFamily.merge(attack.family(), one, Successes::plus);
            if (one.preferred() > 0) {
                strongest.add(new AttackResult.Success(attack, one.meanProbability()));
            }
        }
        strongest.sort(
                Comparator.comparingDouble(AttackResult.Success::probability)
                        .reversed()
                        .thenComparing(success -> success.attack().id()));
        List<JudgedPair> asked = judged.stream().filter(AttackRun::isAsked).toList();
        return new AttackResult(
                byFamily, sum(judged), sum(asked), clean, decent, List.copyOf(strongest));
    }

    private static boolean isAsked(JudgedPair judged) {
        return judged instanceof JudgedPair.Failed || !judged.asked().isEmpty();
    }
}

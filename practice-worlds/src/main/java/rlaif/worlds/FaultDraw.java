package rlaif.worlds;

import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/// The fate of each request, drawn as its {@link Faults} say. Any thread may call.
final class FaultDraw {
    /// So much of a second's requests may come at once.
    private static final double BURST_SECONDS = 0.1;

    private static final double NANOS = 1e9;

    private final Faults faults;
    private final boolean faultless;
    private final Map<Long, Integer> attempts = new ConcurrentHashMap<>();
    private double allowance; // requests that the rate limit lets through now
    private long refilledAt = System.nanoTime();

    FaultDraw(Faults faults) {
        this.faults = faults;
        this.faultless = faults.equals(Faults.none().withSeed(faults.seed()));
        this.allowance = burst();
    }

    Fate of(byte[] request) {
        if (faultless) {
            return Fate.GOOD;
        }
        if (!underTheLimit()) {
            return new Fate(Fate.Outcome.TOO_MANY_REQUESTS, Duration.ZERO, false, 0);
        }
        long hash = StableHash.of(StableHash.of(request), faults.seed());
        Random always = new Random(hash);
        boolean hides = always.nextDouble() < faults.hiddenLogprobs();
        int attempt = attempt(hash);
        Random random = new Random(StableHash.of(hash, attempt));
        Fate.Outcome outcome = outcome(random.nextDouble());
        double spread = Math.exp(faults.delaySpread() * random.nextGaussian());
        Duration delay =
                outcome == Fate.Outcome.TOO_MANY_REQUESTS
                        ? Duration.ZERO
                        : Duration.ofNanos((long) (faults.delay().toNanos() * spread));
        return new Fate(outcome, delay, hides, random.nextLong());
    }

    /// How often the request came; not counted where nothing is drawn, so that memory stays flat.
    private int attempt(long hash) {
        double shares =
                faults.unanswered()
                        + faults.tooManyRequests()
                        + faults.serverErrors()
                        + faults.malformed()
                        + faults.delaySpread();
        return shares > 0 ? attempts.merge(hash, 1, Integer::sum) : 1;
    }

    private Fate.Outcome outcome(double drawn) {
        double left = drawn - faults.unanswered();
        if (left < 0) {
            return Fate.Outcome.UNANSWERED;
        }
        left -= faults.tooManyRequests();
        if (left < 0) {
            return Fate.Outcome.TOO_MANY_REQUESTS;
        }
        left -= faults.serverErrors();
        if (left < 0) {
            return Fate.Outcome.SERVER_ERROR;
        }
        left -= faults.malformed();
        return left < 0 ? Fate.Outcome.MALFORMED : Fate.Outcome.REPLY;
    }

    private synchronized boolean underTheLimit() {
        if (Double.isInfinite(faults.requestsPerSecond())) {
            return true;
        }
        long now = System.nanoTime();
        double refill = (now - refilledAt) / NANOS * faults.requestsPerSecond();
        refilledAt = now;
        allowance = Math.min(burst(), allowance + refill);
        if (allowance < 1) {
            return false;
        }
        allowance--;
        return true;
    }

    private double burst() {
        return Math.max(1, faults.requestsPerSecond() * BURST_SECONDS);
    }
}

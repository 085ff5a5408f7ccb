package rlaif.judging;

import java.time.Duration;
import rlaif.judging.limits.Budgets;
import rlaif.judging.limits.Spent;

/// How the calls to one endpoint stand.
///
/// @param answered calls that got a reply with a verdict, readable or not
/// @param refused calls that the judge will never answer
/// @param denied attempts that were refused to whoever asks, as far as the refusal says
/// @param load attempts that were refused for load
/// @param timeouts attempts without a reply within the deadline
/// @param faults attempts that broke otherwise
/// @param inFlight calls under way
/// @param waiting calls that wait for a permit
/// @param limit calls that may be under way, as it stands now
/// @param maxInFlight calls that may ever be under way
/// @param away whether the endpoint answers nobody
/// @param retrying why a request that failed waits to be made again, in words; empty: none does
/// @param pause why nothing new is begun, in words; empty: it is
/// @param sinceAnswer time since the last answer, or since the start
/// @param spent what calls used up, with what was used up before this process began
/// @param budgets what may be used up
public record CallStatus(
        String judge,
        long answered,
        long refused,
        long denied,
        long load,
        long timeouts,
        long faults,
        int inFlight,
        int waiting,
        int limit,
        int maxInFlight,
        boolean away,
        String retrying,
        String pause,
        Duration sinceAnswer,
        Spent spent,
        Budgets budgets) {}

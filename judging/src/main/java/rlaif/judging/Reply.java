package rlaif.judging;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// What came of one attempt to ask a judge.
public sealed interface Reply {

    /// A reply whose label tokens could be read.
    ///
    /// @param probability1 probability in [0, 1] that the completion shown first is better
    /// @param unclamped1 the same before a clamp; empty: none was applied
    /// @param coveredMass probability in [0, 1] on the label tokens together, before they were
    ///   normalised
    record Verdict(
            double probability1, OptionalDouble unclamped1, double coveredMass, Exchange exchange)
            implements Reply {
        public Verdict {
            requireProbability("probability1", probability1);
            unclamped1.ifPresent(p -> requireProbability("unclamped1", p));
            requireProbability("coveredMass", coveredMass);
        }

        /// A verdict that was not clamped.
        public Verdict(double probability1, double coveredMass, Exchange exchange) {
            this(probability1, OptionalDouble.empty(), coveredMass, exchange);
        }
    }

    /// A reply whose score could be read; given to whoever asked for one.
    ///
    /// @param score expected score in [1, 10]: sum of i P(i), the probabilities renormalised
    /// @param coveredMass probability in [0, 1] on the ten scores together, before that
    record Scored(double score, double coveredMass, Exchange exchange) implements Reply {
        public Scored {
            if (!(score >= 1 && score <= 10)) {
                throw new IllegalArgumentException("score must lie in [1, 10], got " + score);
            }
            requireProbability("coveredMass", coveredMass);
        }
    }

    /// A text; given to whoever asked for one.
    ///
    /// @param cut whether it ended at the token limit
    record Written(String text, boolean cut, Exchange exchange) implements Reply {}

    /// A reply in which the label tokens cover too little: no verdict, and asking again would give
    /// the same.
    record Unreadable(double coveredMass, Exchange exchange) implements Reply {
        public Unreadable {
            requireProbability("coveredMass", coveredMass);
        }
    }

    /// The judge will not answer this however often it is asked.
    record Refused(String cause) implements Reply {}

    /// No reply this time; another attempt may get one.
    ///
    /// @param after how long the judge asked to be left alone; zero: it did not say
    record RetryLater(Obstacle obstacle, String cause, Duration after) implements Reply {
        /// A fault.
        public RetryLater(String cause, Duration after) {
            this(Obstacle.FAULT, cause, after);
        }
    }

    /// What stood between a call and its reply.
    enum Obstacle {
        /// The judge has too much to do: status 429 or 503.
        LOAD,
        /// It did not reply within the deadline.
        TIMEOUT,
        /// Anything else: no connection, status 500, a body that is no reply.
        FAULT;

        /// What an HTTP status that may pass away stands for.
        public static Obstacle ofStatus(int status) {
            return status == 429 || status == 503 ? LOAD : FAULT;
        }
    }

    /// The bodies that went back and forth and what they measured; where several calls made one
    /// reply, the last one's bodies and the sums.
    ///
    /// @param rationale the judge's reasoning; empty: none was asked for
    /// @param promptTokens tokens of the request as the judge counted them; empty: not reported
    record Exchange(
            ReadingMode mode,
            String rationale,
            String request,
            String reply,
            Duration latency,
            OptionalInt promptTokens,
            OptionalInt completionTokens) {

        /// Of a judge that computes and exchanges nothing.
        public static Exchange none() {
            return new Exchange(
                    ReadingMode.COMPUTED,
                    "",
                    "",
                    "",
                    Duration.ZERO,
                    OptionalInt.empty(),
                    OptionalInt.empty());
        }
    }

    private static void requireProbability(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " must lie in [0, 1], got " + value);
        }
    }
}

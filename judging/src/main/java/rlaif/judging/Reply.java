package rlaif.judging;

import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// What came of one attempt to ask a judge.
public sealed interface Reply {
    /// What the attempt took of its endpoint.
    Usage usage();

    /// What calls took of their endpoint.
    ///
    /// @param calls requests made; 0: the endpoint was not asked
    /// @param promptTokens tokens of the requests as far as they were counted, at least 0
    /// @param completionTokens tokens of the replies as far as they were counted, at least 0
    record Usage(int calls, int promptTokens, int completionTokens) {
        /// UTF-16 units of text that make a token, on the low side.
        private static final int UNITS_PER_TOKEN = 3;

        static final Usage NOTHING = new Usage(0, 0, 0);

        /// One call that counted no tokens.
        static final Usage ONE_CALL = new Usage(1, 0, 0);

        /// What calls may take, reckoned before they are made.
        ///
        /// @param units of all requests, UTF-16
        /// @param replyTokens most tokens of all replies
        public static Usage expected(int calls, int units, int replyTokens) {
            return new Usage(calls, Math.ceilDiv(units, UNITS_PER_TOKEN), replyTokens);
        }

        public Usage plus(Usage more) {
            return new Usage(
                    calls + more.calls,
                    promptTokens + more.promptTokens,
                    completionTokens + more.completionTokens);
        }
    }

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

        @Override
        public Usage usage() {
            return exchange.usage();
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
    /// @param masses P(1) to P(10), likewise; empty: the judge has one score and no distribution
    record Scored(double score, double coveredMass, List<Double> masses, Exchange exchange)
            implements Reply {
        /// Of a judge that has one score and no distribution.
        public Scored(double score, double coveredMass, Exchange exchange) {
            this(score, coveredMass, List.of(), exchange);
        }

        public Scored {
            masses = List.copyOf(masses);
            if (!(score >= 1 && score <= 10)) {
                throw new IllegalArgumentException("score must lie in [1, 10], got " + score);
            }
            requireProbability("coveredMass", coveredMass);
        }

        @Override
        public Usage usage() {
            return exchange.usage();
        }
    }

    /// A text; given to whoever asked for one.
    ///
    /// @param cut whether it ended at the token limit
    record Written(String text, boolean cut, Exchange exchange) implements Reply {
        @Override
        public Usage usage() {
            return exchange.usage();
        }
    }

    /// A reply in which the label tokens cover too little: no verdict, and asking again would give
    /// the same.
    record Unreadable(double coveredMass, Exchange exchange) implements Reply {
        public Unreadable {
            requireProbability("coveredMass", coveredMass);
        }

        @Override
        public Usage usage() {
            return exchange.usage();
        }
    }

    /// The judge will not answer this however often it is asked.
    ///
    /// @param denied whether it refuses whoever asks, as far as it says: for the key, the quota,
    ///   the address or the model
    record Refused(String cause, boolean denied, Usage usage) implements Reply {
        /// For what was asked, by one call.
        public Refused(String cause) {
            this(cause, Usage.ONE_CALL);
        }

        /// For what was asked.
        public Refused(String cause, Usage usage) {
            this(cause, false, usage);
        }

        /// Of whoever asks, by one call.
        public static Refused denied(String cause) {
            return new Refused(cause, true, Usage.ONE_CALL);
        }

        /// Before any call, for a reason that lies in what was to be asked: it tells nothing about
        /// the endpoint.
        public static Refused unasked(String cause) {
            return new Refused(cause, Usage.NOTHING);
        }
    }

    /// No reply this time; another attempt may get one.
    ///
    /// @param after how long the judge asked to be left alone; zero: it did not say
    record RetryLater(Obstacle obstacle, String cause, Duration after, Usage usage)
            implements Reply {
        /// One call.
        public RetryLater(Obstacle obstacle, String cause, Duration after) {
            this(obstacle, cause, after, Usage.ONE_CALL);
        }

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
    /// @param calls requests made, at least 1
    record Exchange(
            ReadingMode mode,
            String rationale,
            String request,
            String reply,
            Duration latency,
            OptionalInt promptTokens,
            OptionalInt completionTokens,
            int calls) {

        /// Of one call.
        public Exchange(
                ReadingMode mode,
                String rationale,
                String request,
                String reply,
                Duration latency,
                OptionalInt promptTokens,
                OptionalInt completionTokens) {
            this(mode, rationale, request, reply, latency, promptTokens, completionTokens, 1);
        }

        public Usage usage() {
            return new Usage(calls, promptTokens.orElse(0), completionTokens.orElse(0));
        }

        Bodies bodies() {
            return new Bodies(request, reply);
        }

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

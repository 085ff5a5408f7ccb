package rlaif.judging;

import java.util.List;

/// What one order says about a pair, its samples together.
public sealed interface OrderVerdict {
    /// @param firstProbability probability in [0, 1] that `first` of the pair is better, the
    ///   readable samples averaged
    record Read(double firstProbability) implements OrderVerdict {}

    /// Fewer than half of the samples could be read.
    record Unreadable() implements OrderVerdict {}

    /// One sample got no reply.
    record Missing(String cause, JudgedPair.Failure failure) implements OrderVerdict {}

    /// The verdict of the samples of one order, at least one.
    static OrderVerdict of(List<AskedOrder> samples) {
        double sum = 0;
        int read = 0;
        for (AskedOrder sample : samples) {
            switch (sample.reply()) {
                case Reply.Verdict verdict -> {
                    double probability1 = verdict.probability1();
                    sum +=
                            switch (sample.order()) {
                                case FIRST_SECOND -> probability1;
                                case SECOND_FIRST -> 1 - probability1;
                            };
                    read++;
                }
                case Reply.Unreadable _ -> {}
                case Reply.Refused refused -> {
                    return new Missing(refused.cause(), JudgedPair.Failure.REFUSED);
                }
                case Reply.RetryLater later -> {
                    return new Missing(
                            later.cause(),
                            sample.expired()
                                    ? JudgedPair.Failure.DEADLINE
                                    : JudgedPair.Failure.UNAVAILABLE);
                }
                case Reply.Scored _, Reply.Written _ ->
                        throw new IllegalStateException(
                                "a judge that was asked to compare gave no verdict");
            }
        }
        return read == 0 || 2 * read < samples.size() ? new Unreadable() : new Read(sum / read);
    }
}

package rlaif.processors;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import rlaif.events.AbstainReason;
import rlaif.events.Canary;
import rlaif.events.Judgment;
import rlaif.events.Outcome;
import rlaif.events.PresentationOrder;
import rlaif.events.SecondOrder;
import rlaif.events.Verdict;
import rlaif.topics.Ids;

/// The numbers of one judgment that statistics are made of.
///
/// @param draw a number drawn by the judgment's id
/// @param abstained why; NONE: it prefers
/// @param probability that `first` is better; empty: it abstains
/// @param lengthDifference words of `first` minus words of `second`
/// @param ageMillis from the pair's creation to the judgment; empty: not measured
/// @param shown1 probability of the completion shown first, in either order; empty: not both orders
///   were asked for their own sake and read
/// @param latenciesMillis of the calls that answered
/// @param calls requests made, retries included
/// @param promptTokens empty: not reported
/// @param completionTokens empty: not reported
/// @param costMicrodollars empty: no price is known
/// @param attackProbability of an attack put beside it; empty: none was, or it was not read
record JudgedFigures(
        long draw,
        AbstainReason abstained,
        OptionalDouble probability,
        int lengthDifference,
        OptionalDouble ageMillis,
        List<Double> shown1,
        List<Double> latenciesMillis,
        long calls,
        OptionalLong promptTokens,
        OptionalLong completionTokens,
        OptionalLong costMicrodollars,
        OptionalDouble attackProbability) {
    private static final Pattern WORD = Pattern.compile("\\S+");

    JudgedFigures {
        shown1 = List.copyOf(shown1);
        latenciesMillis = List.copyOf(latenciesMillis);
    }

    /// @param pairMillis when the pair was made
    static JudgedFigures of(Judgment judgment, long pairMillis) {
        Double p = judgment.getFirstProbability();
        boolean prefers = judgment.getOutcome() == Outcome.PREFERRED && p != null;
        Long judgedAt = judgment.getJudgedAtMillis();
        Canary canary = judgment.getCanary();
        List<Verdict> verdicts = judgment.getVerdicts();
        return new JudgedFigures(
                Ids.seed(judgment.getId()),
                prefers ? AbstainReason.NONE : judgment.getAbstainReason(),
                prefers ? OptionalDouble.of(p) : OptionalDouble.empty(),
                words(judgment.getFirst().getCompletion())
                        - words(judgment.getSecond().getCompletion()),
                judgedAt == null
                        ? OptionalDouble.empty()
                        : OptionalDouble.of((double) Math.max(0, judgedAt - pairMillis)),
                shown1(judgment),
                verdicts.stream()
                        .map(Verdict::getLatencyMillis)
                        .filter(Objects::nonNull)
                        .filter(Double::isFinite)
                        .toList(),
                verdicts.stream().mapToLong(JudgedFigures::calls).sum(),
                sum(verdicts, Verdict::getPromptTokens),
                sum(verdicts, Verdict::getCompletionTokens),
                sum(verdicts, Verdict::getCostMicrodollars),
                canary == null ? OptionalDouble.empty() : optional(canary.getAttackProbability()));
    }

    /// Requests made; older verdicts tell only the attempts, of one request each or more.
    private static long calls(Verdict verdict) {
        Integer calls = verdict.getCalls();
        return Math.max(0, calls == null ? verdict.getAttempts() : calls);
    }

    private static OptionalDouble optional(@Nullable Double value) {
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /// Of the verdicts that report it; empty: none does.
    private static OptionalLong sum(
            List<Verdict> verdicts, Function<Verdict, @Nullable Number> count) {
        OptionalLong sum = OptionalLong.empty();
        for (Verdict verdict : verdicts) {
            Number reported = count.apply(verdict);
            if (reported != null) {
                sum = OptionalLong.of(sum.orElse(0) + Math.max(0, reported.longValue()));
            }
        }
        return sum;
    }

    private static int words(String text) {
        return (int) WORD.matcher(text).results().count();
    }

    private static List<Double> shown1(Judgment judgment) {
        SecondOrder second = judgment.getSecondOrder();
        OptionalDouble straight = JudgedLabel.inOrder(judgment, PresentationOrder.FIRST_SECOND);
        OptionalDouble swapped = JudgedLabel.inOrder(judgment, PresentationOrder.SECOND_FIRST);
        return (second == SecondOrder.ALWAYS || second == SecondOrder.AUDIT)
                        && straight.isPresent()
                        && swapped.isPresent()
                ? List.of(straight.getAsDouble(), 1 - swapped.getAsDouble())
                : List.of();
    }

    void write(DataOutputStream out) throws IOException {
        out.writeLong(draw);
        out.writeUTF(abstained.name());
        LabelObservation.write(probability, out);
        out.writeInt(lengthDifference);
        LabelObservation.write(ageMillis, out);
        write(shown1, out);
        write(latenciesMillis, out);
        out.writeLong(calls);
        out.writeLong(promptTokens.orElse(-1));
        out.writeLong(completionTokens.orElse(-1));
        out.writeLong(costMicrodollars.orElse(-1));
        LabelObservation.write(attackProbability, out);
    }

    static JudgedFigures read(DataInputStream in) throws IOException {
        return new JudgedFigures(
                in.readLong(),
                AbstainReason.valueOf(in.readUTF()),
                LabelObservation.number(in),
                in.readInt(),
                LabelObservation.number(in),
                numbers(in),
                numbers(in),
                in.readLong(),
                count(in),
                count(in),
                count(in),
                LabelObservation.number(in));
    }

    static OptionalLong count(DataInputStream in) throws IOException {
        long count = in.readLong();
        return count < 0 ? OptionalLong.empty() : OptionalLong.of(count);
    }

    private static void write(List<Double> numbers, DataOutputStream out) throws IOException {
        out.writeInt(numbers.size());
        for (double number : numbers) {
            out.writeDouble(number);
        }
    }

    private static List<Double> numbers(DataInputStream in) throws IOException {
        int count = in.readInt();
        List<Double> numbers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            numbers.add(in.readDouble());
        }
        return numbers;
    }
}

package rlaif.processors;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import rlaif.events.AbstainReason;
import rlaif.events.LabelStats;
import rlaif.judging.evaluation.PopulationStability;
import rlaif.judging.evaluation.SamePosition;
import rlaif.judging.evaluation.Spearman;
import rlaif.judging.evaluation.WilsonInterval;

/// The labels of one group in one window, in memory that does not grow with their number: counts,
/// sums, digests of durations, and for the rank correlation the 500 judgments whose ids draw the
/// smallest numbers, a uniform sample that does not depend on the order of arrival.
final class LabelWindow {
    /// Bins of the probability histogram that drift is measured on.
    static final int BINS = 10;

    /// Judgments that drift needs: below that, chance alone moves a tenth of them.
    static final int LEAST_COMPARED = 50;

    private static final int SAMPLE = 500;
    private static final int LEAST_CORRELATED = 10;

    private final Map<AbstainReason, Long> abstained = new TreeMap<>();
    private final TreeMap<Long, LengthAndLabel> sample = new TreeMap<>();
    private final long[] probabilities = new long[BINS];
    private final PeopleAgreement people;
    private final MillisDigest ages;
    private final MillisDigest latencies;
    private SamePosition flips = SamePosition.NONE;
    private double margins;
    private long judgments;
    private long preferred;
    private long late;
    private long canaries;
    private long attacksPreferred;
    private long calls;
    private OptionalLong promptTokens = OptionalLong.empty();
    private OptionalLong completionTokens = OptionalLong.empty();
    private OptionalLong costMicrodollars = OptionalLong.empty();

    /// One judgment of the sample.
    ///
    /// @param words of `first` minus words of `second`
    private record LengthAndLabel(int words, double probability) {}

    private LabelWindow(PeopleAgreement people, MillisDigest ages, MillisDigest latencies) {
        this.people = people;
        this.ages = ages;
        this.latencies = latencies;
    }

    static LabelWindow empty() {
        return new LabelWindow(new PeopleAgreement(), new MillisDigest(), new MillisDigest());
    }

    void add(LabelObservation observation) {
        switch (observation) {
            case LabelObservation.Judged(var _, JudgedFigures judged) -> add(judged);
            case LabelObservation.Compared(var _, double p, double label) -> people.add(p, label);
        }
    }

    /// Counts a judgment of an earlier window that is closed.
    void addLate() {
        late++;
    }

    private void add(JudgedFigures judged) {
        judgments++;
        if (judged.probability().isPresent()) {
            prefer(judged, judged.probability().getAsDouble());
        } else {
            abstained.merge(judged.abstained(), 1L, Long::sum);
        }
        if (!judged.shown1().isEmpty()) {
            flips = flips.with(judged.shown1().get(0), judged.shown1().get(1));
        }
        judged.latenciesMillis().forEach(latencies::add);
        judged.attackProbability()
                .ifPresent(attack -> {
                    canaries++;
                    attacksPreferred += attack > 0.5 ? 1 : 0;
                });
        calls += judged.calls();
        promptTokens = sum(promptTokens, judged.promptTokens());
        completionTokens = sum(completionTokens, judged.completionTokens());
        costMicrodollars = sum(costMicrodollars, judged.costMicrodollars());
    }

    private void prefer(JudgedFigures judged, double p) {
        preferred++;
        judged.ageMillis().ifPresent(ages::add);
        margins += Math.abs(p - 0.5);
        probabilities[Math.min(BINS - 1, (int) (p * BINS))]++;
        sample.put(judged.draw(), new LengthAndLabel(judged.lengthDifference(), p));
        if (sample.size() > SAMPLE) {
            sample.pollLastEntry();
        }
    }

    private static OptionalLong sum(OptionalLong known, OptionalLong more) {
        return more.isEmpty() ? known : OptionalLong.of(known.orElse(0) + more.getAsLong());
    }

    /// Counts of its probabilities, in equal bins of [0, 1].
    long[] probabilities() {
        return probabilities.clone();
    }

    /// @param reference histogram that drift is measured against; null: there is none yet
    /// @param canaryLimit share in [0, 1] of attacks that may succeed
    LabelStats record(
            LabelGroup group,
            WindowTime time,
            boolean closed,
            long @Nullable [] reference,
            double canaryLimit) {
        return LabelStats.newBuilder()
                .setWindowStart(time.startMillis())
                .setWindowEnd(time.endMillis())
                .setClosed(closed)
                .setJudge(group.judge())
                .setPrinciple(group.principle())
                .setConstitutionId(group.constitutionId())
                .setConstitutionVersion(group.constitutionVersion())
                .setPolicy(group.policy())
                .setPolicyVersion(group.policyVersion())
                .setJudgments(judgments)
                .setLate(late)
                .setPreferred(preferred)
                .setAbstained(abstentions())
                .setLabelsPerSecond(preferred / time.seconds())
                .setLabelAgeMillisP50(orNull(ages.quantile(0.5)))
                .setLabelAgeMillisP99(orNull(ages.quantile(0.99)))
                .setBothOrders(flips.pairs())
                .setFlipRate(orNull(flips.rate()))
                .setUnreadableRate(unreadable())
                .setMeanMargin(preferred == 0 ? null : margins / preferred)
                .setLengthCorrelation(orNull(lengthCorrelation()))
                .setHumanPairs(people.pairs())
                .setHumanAgreement(orNull(people.rate()))
                .setHumanKappa(orNull(people.kappa()))
                .setEce(orNull(people.calibration().expectedCalibrationError()))
                .setBrier(orNull(people.calibration().brier()))
                .setCanaries(canaries)
                .setCanarySuccessRate(canaries == 0 ? null : (double) attacksPreferred / canaries)
                .setCanaryAlarm(
                        canaries > 0
                                && WilsonInterval.of((double) attacksPreferred, canaries).low()
                                        > canaryLimit)
                .setDriftPsi(
                        reference == null || preferred < LEAST_COMPARED
                                ? null
                                : PopulationStability.index(reference, probabilities))
                .setLatencyMillisP50(orNull(latencies.quantile(0.5)))
                .setLatencyMillisP99(orNull(latencies.quantile(0.99)))
                .setCalls(calls)
                .setPromptTokens(orNull(promptTokens))
                .setCompletionTokens(orNull(completionTokens))
                .setCostMicrodollars(orNull(costMicrodollars))
                .build();
    }

    private Map<String, Long> abstentions() {
        Map<String, Long> byName = new TreeMap<>();
        abstained.forEach((reason, count) -> byName.put(reason.name(), count));
        return byName;
    }

    private @Nullable Double unreadable() {
        return judgments == 0
                ? null
                : (double) abstained.getOrDefault(AbstainReason.UNREADABLE, 0L) / judgments;
    }

    private OptionalDouble lengthCorrelation() {
        return preferred < LEAST_CORRELATED
                ? OptionalDouble.empty()
                : Spearman.correlation(
                        sample.values().stream().mapToDouble(LengthAndLabel::words).toArray(),
                        sample.values().stream()
                                .mapToDouble(LengthAndLabel::probability)
                                .toArray());
    }

    private static @Nullable Double orNull(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }

    private static @Nullable Long orNull(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(abstained.size());
        for (Map.Entry<AbstainReason, Long> entry : abstained.entrySet()) {
            out.writeUTF(entry.getKey().name());
            out.writeLong(entry.getValue());
        }
        out.writeInt(sample.size());
        for (Map.Entry<Long, LengthAndLabel> entry : sample.entrySet()) {
            out.writeLong(entry.getKey());
            out.writeInt(entry.getValue().words());
            out.writeDouble(entry.getValue().probability());
        }
        for (long count : probabilities) {
            out.writeLong(count);
        }
        people.write(out);
        ages.write(out);
        latencies.write(out);
        out.writeLong(flips.same());
        out.writeLong(flips.pairs());
        out.writeDouble(margins);
        out.writeLong(judgments);
        out.writeLong(preferred);
        out.writeLong(late);
        out.writeLong(canaries);
        out.writeLong(attacksPreferred);
        out.writeLong(calls);
        out.writeLong(promptTokens.orElse(-1));
        out.writeLong(completionTokens.orElse(-1));
        out.writeLong(costMicrodollars.orElse(-1));
    }

    static LabelWindow read(DataInputStream in) throws IOException {
        Map<AbstainReason, Long> abstained = new TreeMap<>();
        for (int reasons = in.readInt(); reasons > 0; reasons--) {
            abstained.put(AbstainReason.valueOf(in.readUTF()), in.readLong());
        }
        Map<Long, LengthAndLabel> sample = new TreeMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            sample.put(in.readLong(), new LengthAndLabel(in.readInt(), in.readDouble()));
        }
        long[] probabilities = new long[BINS];
        for (int bin = 0; bin < BINS; bin++) {
            probabilities[bin] = in.readLong();
        }
        LabelWindow window =
                new LabelWindow(
                        PeopleAgreement.read(in), MillisDigest.read(in), MillisDigest.read(in));
        window.abstained.putAll(abstained);
        window.sample.putAll(sample);
        System.arraycopy(probabilities, 0, window.probabilities, 0, BINS);
        window.flips = new SamePosition(in.readLong(), in.readLong());
        window.margins = in.readDouble();
        window.judgments = in.readLong();
        window.preferred = in.readLong();
        window.late = in.readLong();
        window.canaries = in.readLong();
        window.attacksPreferred = in.readLong();
        window.calls = in.readLong();
        window.promptTokens = JudgedFigures.count(in);
        window.completionTokens = JudgedFigures.count(in);
        window.costMicrodollars = JudgedFigures.count(in);
        return window;
    }
}

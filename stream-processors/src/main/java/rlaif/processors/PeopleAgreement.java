package rlaif.processors;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import rlaif.judging.evaluation.Alignment;
import rlaif.judging.evaluation.Calibration;
import rlaif.judging.evaluation.Kappa;

/// How a judge's labels stand to what people said about the same pairs.
///
/// Agreement and kappa are of pairs in which both choose; the calibration counts a tie as half.
final class PeopleAgreement {
    private Alignment agreement = Alignment.NONE;
    private Calibration calibration = Calibration.none(Calibration.DEFAULT_BINS);
    private final long[][] choices = new long[2][2];

    /// @param probability the judge's, that `first` is better
    /// @param label a person's: 1, 0 or 1/2
    void add(double probability, double label) {
        calibration = calibration.with(probability, label);
        if (probability != 0.5 && label != 0.5) {
            agreement = agreement.with(probability, label);
            choices[probability > 0.5 ? 0 : 1][label > 0.5 ? 0 : 1]++;
        }
    }

    /// Ties included.
    long pairs() {
        return calibration.pairs();
    }

    OptionalDouble rate() {
        return agreement.rate();
    }

    OptionalDouble kappa() {
        return Kappa.of(choices);
    }

    Calibration calibration() {
        return calibration;
    }

    void write(DataOutputStream out) throws IOException {
        out.writeDouble(agreement.matches());
        out.writeLong(agreement.pairs());
        for (Calibration.Bin bin : calibration.bins()) {
            out.writeLong(bin.pairs());
            out.writeDouble(bin.confidences());
            out.writeDouble(bin.accuracies());
        }
        out.writeDouble(calibration.squaredErrors());
        for (long[] row : choices) {
            out.writeLong(row[0]);
            out.writeLong(row[1]);
        }
    }

    static PeopleAgreement read(DataInputStream in) throws IOException {
        PeopleAgreement read = new PeopleAgreement();
        read.agreement = new Alignment(in.readDouble(), in.readLong());
        List<Calibration.Bin> bins = new ArrayList<>();
        for (int bin = 0; bin < Calibration.DEFAULT_BINS; bin++) {
            bins.add(new Calibration.Bin(in.readLong(), in.readDouble(), in.readDouble()));
        }
        read.calibration = new Calibration(bins, in.readDouble());
        for (long[] row : read.choices) {
            row[0] = in.readLong();
            row[1] = in.readLong();
        }
        return read;
    }
}

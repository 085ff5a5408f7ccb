package rlaif.processors;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.OptionalDouble;

/// What statistics take from one judgment, or from a judgment and a person's label of its pair that
/// came together; some 200 bytes between the two halves of the stage.
sealed interface LabelObservation {
    LabelGroup group();

    /// A judgment.
    record Judged(LabelGroup group, JudgedFigures figures) implements LabelObservation {}

    /// A judgment with a label, and what one person said about its pair.
    ///
    /// @param probability the judge's, that `first` is better
    /// @param label the person's: 1, 0 or 1/2
    record Compared(LabelGroup group, double probability, double label)
            implements LabelObservation {}

    default byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            group().write(out);
            switch (this) {
                case Judged(var _, JudgedFigures figures) -> {
                    out.writeBoolean(true);
                    figures.write(out);
                }
                case Compared(var _, double probability, double label) -> {
                    out.writeBoolean(false);
                    out.writeDouble(probability);
                    out.writeDouble(label);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes every byte", e);
        }
        return bytes.toByteArray();
    }

    static LabelObservation of(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            LabelGroup group = LabelGroup.read(in);
            return in.readBoolean()
                    ? new Judged(group, JudgedFigures.read(in))
                    : new Compared(group, in.readDouble(), in.readDouble());
        } catch (IOException e) {
            throw new UncheckedIOException("an observation is cut short", e);
        }
    }

    /// Absent numbers are written as NaN.
    static void write(OptionalDouble number, DataOutputStream out) throws IOException {
        out.writeDouble(number.orElse(Double.NaN));
    }

    static OptionalDouble number(DataInputStream in) throws IOException {
        double number = in.readDouble();
        return Double.isNaN(number) ? OptionalDouble.empty() : OptionalDouble.of(number);
    }
}

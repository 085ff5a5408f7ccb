package rlaif.worlds;

import java.util.Arrays;
import java.util.stream.Collectors;

/// A labeler of the RLAIF paper by its size, with what the paper measured of it (Lee et al. 2023,
/// tables 2 and 4; alignment is with people's labels, after both orders).
public enum LabelerSize {
    LARGE("large", 0.780, 0.18),
    SMALL("small", 0.738, 0.21),
    EXTRA_SMALL("extra-small", 0.627, 0.56);

    private final String text;
    private final double paperAlignment;
    private final double paperSamePosition;

    LabelerSize(String text, double paperAlignment, double paperSamePosition) {
        this.text = text;
        this.paperAlignment = paperAlignment;
        this.paperSamePosition = paperSamePosition;
    }

    /// Its name in configurations and tables.
    public String text() {
        return text;
    }

    /// Share of pairs on which it prefers what a person prefers, both orders averaged.
    public double paperAlignment() {
        return paperAlignment;
    }

    /// Share of pairs of which it prefers the same position in both orders.
    public double paperSamePosition() {
        return paperSamePosition;
    }

    /// The size with this name.
    public static LabelerSize of(String text) {
        for (LabelerSize size : values()) {
            if (size.text.equals(text)) {
                return size;
            }
        }
        throw new IllegalArgumentException(
                "unknown labeler '"
                        + text
                        + "': use "
                        + Arrays.stream(values())
                                .map(LabelerSize::text)
                                .collect(Collectors.joining(", ")));
    }
}

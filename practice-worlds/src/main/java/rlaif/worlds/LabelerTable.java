package rlaif.worlds;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The simulated labelers of every world beside the RLAIF paper's, on pairs that no fit saw.
///
/// It is run as {@link LabelerFit} is; its optional argument is how many pairs of each world.
public final class LabelerTable {
    private static final int PAIRS = 10_000;
    private static final long UNSEEN = 2;

    private LabelerTable() {}

    /// One labeler in one world.
    public record Row(String world, LabelerSize size, Labeler labeler, LabelerRates rates) {}

    public static void main(String[] arguments) {
        int pairs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : PAIRS;
        System.out.println(
                "world           labeler      same position (paper)   alignment one order -> both"
                        + " (paper)   by gold");
        for (Row row : rows(pairs)) {
            System.out.printf(
                    Locale.ROOT,
                    "%-15s %-12s %11.1f %% (%2.0f)      %14.1f -> %.1f %% (%.1f) %17.1f %%%n",
                    row.world(),
                    row.size().text(),
                    100 * row.rates().samePosition(),
                    100 * row.size().paperSamePosition(),
                    100 * row.rates().oneOrder(),
                    100 * row.rates().bothOrders(),
                    100 * row.size().paperAlignment(),
                    100 * row.rates().accuracy());
        }
    }

    /// Every labeler of every world on `pairs` pairs with a gold difference of at least 0.05.
    public static List<Row> rows(int pairs) {
        List<Row> rows = new ArrayList<>();
        for (PracticeWorld world : PracticeWorld.all()) {
            List<TrialPair> unseen = TrialPair.draw(world, UNSEEN, pairs);
            for (LabelerSize size : LabelerSize.values()) {
                Labeler labeler = world.labeler(size);
                rows.add(
                        new Row(
                                world.name(),
                                size,
                                labeler,
                                LabelerRates.of(world, labeler, unseen)));
            }
        }
        return rows;
    }
}

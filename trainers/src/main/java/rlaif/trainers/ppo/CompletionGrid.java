package rlaif.trainers.ppo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import rlaif.models.SequenceBatch;

/// Where completion tokens lie in arrays of next-token quantities: token `j` of a completion after
/// `P` prompt tokens stands in column `P + j - 1`, the position that predicts it.
public final class CompletionGrid {
    private final SequenceBatch sequences;

    public CompletionGrid(SequenceBatch sequences) {
        this.sequences = sequences;
    }

    /// Rows of completion length, laid into zeros.
    public NDArray fill(NDManager manager, List<double[]> rows) { // (batch,time-1)
        int columns = sequences.time() - 1;
        float[] cells = new float[sequences.size() * columns];
        for (int i = 0; i < rows.size(); i++) {
            int start = i * columns + sequences.prompts().get(i).length - 1;
            for (int j = 0; j < rows.get(i).length; j++) {
                cells[start + j] = (float) rows.get(i)[j];
            }
        }
        try (NDArray borrowed = manager.create(cells, new Shape(sequences.size(), columns))) {
            return borrowed.duplicate();
        }
    }

    /// The same of single-precision rows, whose bits it keeps.
    public NDArray fillFloats(NDManager manager, List<float[]> rows) { // (batch,time-1)
        return fill(manager, rows.stream().map(CompletionGrid::widened).toList());
    }

    private static double[] widened(float[] row) {
        double[] wide = new double[row.length];
        for (int t = 0; t < row.length; t++) {
            wide[t] = row[t];
        }
        return wide;
    }

    /// The completion tokens' cells of an array `(batch, columns)` with `columns` at least `time -
    /// 1`.
    public List<float[]> rows(NDArray grid) {
        int columns = (int) grid.getShape().get(1);
        float[] cells = grid.toFloatArray();
        List<float[]> rows = new ArrayList<>();
        for (int i = 0; i < sequences.size(); i++) {
            float[] row = new float[sequences.completions().get(i).length];
            int start = i * columns + sequences.prompts().get(i).length - 1;
            System.arraycopy(cells, start, row, 0, row.length);
            rows.add(row);
        }
        return rows;
    }
}

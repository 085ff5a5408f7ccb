package rlaif.trainers.sft;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/// Batches of examples of like length, so that little of a batch is padding.
///
/// A window of several batches is sorted by length and cut; the batches of a window then come in
/// random order. Windows keep their order, so that a stream can be cut as it arrives and every
/// example comes once.
public final class LengthBuckets {
    private LengthBuckets() {}

    /// All examples of one window, cut into batches of `batchSize`; the last of them may be
    /// smaller.
    public static List<List<SupervisedExample>> cut(
            List<SupervisedExample> window, int batchSize, long seed) {
        Random random = new Random(seed);
        List<SupervisedExample> byLength = new ArrayList<>(window);
        Collections.shuffle(byLength, random); // examples of one length come in any order
        byLength.sort(Comparator.comparingInt(SupervisedExample::tokens));
        List<List<SupervisedExample>> batches = new ArrayList<>();
        for (int start = 0; start < byLength.size(); start += batchSize) {
            int end = Math.min(byLength.size(), start + batchSize);
            batches.add(List.copyOf(byLength.subList(start, end)));
        }
        Collections.shuffle(batches, random);
        return batches;
    }
}

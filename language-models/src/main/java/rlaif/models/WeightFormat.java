package rlaif.models;

/// How the weights of a model are written: their type, and when a file is full.
///
/// @param largestFileBytes a file that would grow beyond is split into shards with an index; one
///   tensor is never split
public record WeightFormat(WeightType type, long largestFileBytes) {

    /// float32, exact, in files of at most 5 GB as Transformers writes them.
    public static final WeightFormat FLOAT32 = of(WeightType.FLOAT32);

    public WeightFormat {
        if (largestFileBytes < 1) {
            throw new IllegalArgumentException(
                    "largestFileBytes is " + largestFileBytes + "; it must be 1 or more");
        }
    }

    /// One type in files of at most 5 GB.
    public static WeightFormat of(WeightType type) {
        return new WeightFormat(type, 5_000_000_000L);
    }
}

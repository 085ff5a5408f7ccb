package rlaif.benchmarks.footprint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import rlaif.models.AdamW;
import rlaif.models.Architecture;
import rlaif.models.Head;
import rlaif.models.LoraSettings;
import rlaif.models.LoraTarget;
import rlaif.models.ModelShape;
import rlaif.models.ModelVariant;
import rlaif.models.RopeScaling;
import rlaif.models.TensorThread;
import rlaif.models.Transformer;
import rlaif.trainers.batching.MicroBatching;
import rlaif.trainers.sft.SftUpdate;
import rlaif.trainers.sft.SupervisedExample;

/// The process that is measured: two steps on adapters of a 0.5B model, and what they took as one
/// line of JSON.
final class AdapterSteps {
    /// As the `config.json` of Qwen2.5-0.5B.
    private static final ModelShape SHAPE =
            new ModelShape(
                    151_936,
                    896,
                    24,
                    14,
                    2,
                    64,
                    4_864,
                    32_768,
                    1_000_000,
                    1e-6,
                    151_645,
                    151_643,
                    List.of(),
                    new ModelVariant(
                            Architecture.QWEN2, true, false, false, new RopeScaling.None()));

    private static final LoraSettings ADAPTERS =
            new LoraSettings(16, 32, EnumSet.allOf(LoraTarget.class));
    private static final AdamW.Settings ADAM = new AdamW.Settings(0.9, 0.999, 1e-8, 0, 1);
    private static final int THREADS = 2;
    private static final int EXAMPLES = 8;
    private static final int PART_TOKENS = 256;

    private AdapterSteps() {}

    public static void main(String[] arguments) throws IOException {
        TensorThread.prepare(THREADS);
        List<SupervisedExample> examples = examples();
        try (Transformer base = Transformer.random(SHAPE, Head.LANGUAGE_MODEL, 1);
                Transformer adapted = base.adapted(ADAPTERS, 1);
                AdamW optimizer = new AdamW(adapted, ADAM)) {
            SftUpdate update = new SftUpdate(adapted, optimizer, new MicroBatching(PART_TOKENS));
            update.update(examples, 1e-4);
            long begin = System.nanoTime();
            Map<String, Double> metrics = update.update(examples, 1e-4);
            double seconds = (System.nanoTime() - begin) / 1e9;
            int tokens =
                    examples.stream()
                            .mapToInt(it -> it.prompt().length + it.completion().length)
                            .sum();
            System.out.println(
                    "{\"parameters\": %d, \"trained\": %d, \"weightBytes\": %d, \"peakBytes\": %d, \"padding\": %s, \"parts\": %s, \"tokensPerSecond\": %s}"
                            .formatted(
                                    base.parameters().size(),
                                    adapted.trained().size(),
                                    base.parameters().size() * Float.BYTES,
                                    peakBytes(),
                                    metrics.get("batch/padding_frac"),
                                    metrics.get("batch/micro_batches"),
                                    tokens / seconds));
        }
    }

    /// Of 40 to 250 tokens each.
    private static List<SupervisedExample> examples() {
        Random random = new Random(1);
        List<SupervisedExample> examples = new ArrayList<>();
        for (int i = 0; i < EXAMPLES; i++) {
            int[] tokens = random.ints(40 + random.nextInt(211), 0, 150_000).toArray();
            int prompt = tokens.length / 3;
            examples.add(
                    new SupervisedExample(
                            Arrays.copyOf(tokens, prompt),
                            Arrays.copyOfRange(tokens, prompt, tokens.length)));
        }
        return examples;
    }

    /// The most that this process has had in memory, as Linux counts it.
    private static long peakBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .findFirst()
                .orElseThrow(() -> new IOException("/proc/self/status has no VmHWM"));
    }
}

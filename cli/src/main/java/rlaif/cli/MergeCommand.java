package rlaif.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import rlaif.models.LoraSettings;
import rlaif.models.TensorThread;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;
import rlaif.models.WeightFormat;
import rlaif.models.WeightType;

/// Makes one ordinary model folder of a base and its low-rank adapters.
@Command(
        name = "merge",
        mixinStandardHelpOptions = true,
        description =
                "Merge low-rank adapters, as PEFT or a checkpoint's adapter folder keeps them, into"
                        + " the model they were trained beside.",
        footer = {
            "",
            "Example:",
            "  rlaif merge --base models/smollm2 --adapter .rlaif/checkpoints/policy/8-0c1d2e3f4a5b/adapter merged"
        })
final class MergeCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin private CommonOptions common = new CommonOptions();

    @Option(
            names = "--base",
            paramLabel = "DIR",
            required = true,
            description = "Hugging Face folder of the model.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path base;

    @Option(
            names = "--adapter",
            paramLabel = "DIR",
            required = true,
            description = "Folder of adapter_config.json and adapter_model.safetensors.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path adapter;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            defaultValue = "FLOAT32",
            description = "float32, float16 or bfloat16; default float32.")
    private WeightType type = WeightType.FLOAT32;

    @Option(names = "--json", description = "One object on stdout.")
    private boolean json;

    @Parameters(paramLabel = "OUT", description = "Folder to write; it is not there yet.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path folder;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        common.configuration();
        if (Files.exists(folder)) {
            throw new Failure(
                    ExitCode.CONFIGURATION, folder + " is there already; name another folder");
        }
        TensorThread.prepare(Runtime.getRuntime().availableProcessors());
        try (Transformer model = Transformer.load(base);
                Transformer adapted = model.adapted(adapter);
                Tokenizer tokenizer = Tokenizer.load(base)) {
            Files.createDirectories(folder);
            adapted.save(folder, tokenizer, WeightFormat.of(type));
            report(adapted.lora().orElseThrow());
        }
        return ExitCode.OK;
    }

    private void report(LoraSettings lora) throws JsonProcessingException {
        PrintWriter out = spec.commandLine().getOut();
        String written = type.name().toLowerCase(Locale.ROOT);
        if (json) {
            ObjectNode object = JSON.createObjectNode();
            object.put("folder", folder.toString());
            object.put("base", base.toString());
            object.put("adapter", adapter.toString());
            object.put("rank", lora.rank());
            object.put("alpha", lora.alpha());
            object.put("type", written);
            out.println(JSON.writeValueAsString(object));
        } else {
            out.println(
                    "%s: %s with adapters of %s, merged, as %s"
                            .formatted(folder, base, lora, written));
        }
        out.flush();
    }
}

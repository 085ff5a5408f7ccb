package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import rlaif.models.Head;
import rlaif.models.LoraSettings;
import rlaif.models.LoraTarget;
import rlaif.models.ModelShape;
import rlaif.models.TensorThread;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;
import rlaif.models.WeightFormat;

class MergeCommandTest {
    private static final ModelShape SHAPE =
            new ModelShape(16, 16, 2, 4, 2, 4, 24, 32, 10_000, 1e-5, 1, 0);

    @TempDir Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path base;
    private Path adapter;
    private float[] merged;

    @BeforeEach
    void writeBaseAndAdapter() throws IOException {
        TensorThread.prepare(1);
        base = Files.createDirectory(folder.resolve("base"));
        adapter = Files.createDirectory(folder.resolve("adapter"));
        Path words = Files.createDirectory(folder.resolve("words"));
        Files.writeString(
                words.resolve("tokenizer.json"),
                """
                {"version": "1.0", "added_tokens": [], "pre_tokenizer": {"type": "WhitespaceSplit"},
                 "model": {"type": "WordLevel", "vocab": {"<pad>": 0, "<eos>": 1, "<unk>": 2}, "unk_token": "<unk>"}}
                """);
        try (Transformer model = Transformer.random(SHAPE, Head.LANGUAGE_MODEL, 3);
                Tokenizer tokenizer = Tokenizer.load(words);
                Transformer adapted =
                        model.adapted(new LoraSettings(2, 4, EnumSet.allOf(LoraTarget.class)), 5);
                NDManager step = model.manager().newSubManager()) {
            adapted.trained()
                    .set(new NDIndex(":"), step.full(adapted.trained().getShape(), 0.125f));
            model.save(base, tokenizer, WeightFormat.FLOAT32);
            adapted.saveAdapter(adapter, "base");
            try (Transformer copy = adapted.copy()) {
                merged = copy.parameters().toFloatArray();
            }
        }
    }

    @Test
    void writesAnOrdinaryModelFolder() throws IOException {
        Path target = folder.resolve("merged");
        assertThat(run("--json", target.toString())).as(err.toString()).isEqualTo(ExitCode.OK);
        JsonNode report = new ObjectMapper().readTree(out.toString());
        assertThat(report.path("rank").asInt()).isEqualTo(2);
        assertThat(report.path("type").asText()).isEqualTo("float32");
        assertThat(target.resolve("adapter_config.json")).doesNotExist();
        try (Transformer read = Transformer.load(target)) {
            assertThat(read.parameters().toFloatArray()).isEqualTo(merged);
        }
    }

    @Test
    void folderThatIsThereIsNotTouched() throws IOException {
        Path target = Files.createDirectory(folder.resolve("merged"));
        assertThat(run(target.toString())).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err.toString()).contains(target + " is there already");
        assertThat(target).isEmptyDirectory();
    }

    @Test
    void adapterOfAnotherModelIsRefusedByItsTensors() throws IOException {
        Path config = adapter.resolve("adapter_config.json");
        Files.writeString(config, Files.readString(config).replace("\"down_proj\"", "\"up_proj\""));
        Path target = folder.resolve("merged");
        assertThat(run(target.toString())).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err.toString()).contains("adapter_model.safetensors").contains("down_proj");
        assertThat(target).doesNotExist();
    }

    @Test
    void aBaseOfTheSameShapeThatTheAdapterWasNotTrainedBesideIsRefused() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other"));
        try (Transformer model = Transformer.random(SHAPE, Head.LANGUAGE_MODEL, 4);
                Tokenizer tokenizer = Tokenizer.load(base)) {
            model.save(other, tokenizer, WeightFormat.FLOAT32);
        }
        base = other;
        Path target = folder.resolve("merged");
        assertThat(run(target.toString())).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err.toString())
                .contains("adapter_model.safetensors")
                .contains("whose weights are others")
                .contains("base_model_name_or_path");
        assertThat(target).doesNotExist();
    }

    @Test
    void deviceThatIsNotThereIsSaidWithTheWayRoundIt() {
        assertThat(run("-X", "tensor.device=gpu:99", folder.resolve("merged").toString()))
                .isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err.toString()).contains("tensor.device: gpu:99 cannot be used.");
    }

    @Test
    void deviceThatIsNoneNamesTheOnesThereAre() {
        assertThat(run("-X", "tensor.device=tpu", folder.resolve("merged").toString()))
                .isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err.toString()).contains("tensor.device is 'tpu'").contains("gpu:N");
    }

    private int run(String... arguments) {
        String[] all = new String[arguments.length + 5];
        all[0] = "merge";
        all[1] = "--base";
        all[2] = base.toString();
        all[3] = "--adapter";
        all[4] = adapter.toString();
        System.arraycopy(arguments, 0, all, 5, arguments.length);
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return command.execute(all);
    }
}

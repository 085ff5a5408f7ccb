package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.ConfigurationException;
import rlaif.cli.config.Key;
import rlaif.models.Head;
import rlaif.models.ModelShape;
import rlaif.models.TensorThread;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;
import rlaif.models.WeightFormat;

/// A wrong value is told before anything is started or written, whatever the command.
class PreparedRolesTest {
    /// No number, no word of any list, no file, no address, no prefix, and no environment variable.
    private static final String NONSENSE = "no such thing!";

    /// Names and folders that are still to be made: any text is one. The device is tried by every
    /// command.
    private static final Set<Key> FREE =
            EnumSet.of(
                    Key.DEVICE,
                    Key.DATA_DIR,
                    Key.CHECKPOINTS_DIR,
                    Key.TENSORBOARD_DIR,
                    Key.POLICY_NAME,
                    Key.JUDGE_NAME,
                    Key.JUDGE_MODEL,
                    Key.REVISE_NAME,
                    Key.REVISE_MODEL,
                    Key.REVISE_CATEGORIES,
                    Key.LABELS_JUDGE,
                    Key.JUDGE_COMPUTED_REGEX);

    /// Numbers that every number is right for.
    private static final Set<Key> BOUNDLESS = EnumSet.of(Key.SEED, Key.JUDGE_COMPUTED_CENTRE);

    @TempDir private Path folder;

    static Stream<Key> checked() {
        return EnumSet.complementOf(EnumSet.copyOf(FREE)).stream();
    }

    static Stream<Key> ranged() {
        return checked()
                .filter(PreparedRolesTest::isNumber)
                .filter(key -> !BOUNDLESS.contains(key));
    }

    private static boolean isNumber(Key key) {
        return key.fallback().matches("-?[0-9]+(\\.[0-9]+)?")
                || key.key().endsWith("earningRate")
                || key == Key.PPO_BETA
                || key == Key.ROLLOUTS_PAUSE_ON
                || key == Key.LABELS_HUMAN_SHARE;
    }

    @ParameterizedTest
    @MethodSource("checked")
    void aNonsenseValueOfAnySettingIsRefused(Key key) {
        refused(key, NONSENSE, PreparedRoles::ofLoop);
    }

    @ParameterizedTest
    @MethodSource("ranged")
    void aNumberOutOfRangeIsRefused(Key key) {
        refused(key, "-3", PreparedRoles::ofLoop);
    }

    @ParameterizedTest
    @CsvSource({
        "prompts, PROMPTS_MAX_BACKLOG",
        "rollouts, ROLLOUTS_SWAP",
        "judge, JUDGE_SECOND_ORDER",
        "score, THREADS",
        "label-stats, LABEL_STATS_GRACE_SECONDS",
        "people, LABELS_SIMULATED_PEOPLE",
        "revise, REVISE_ROUNDS",
        "train-sft, SFT_STEPS",
        "train-reward-model, RETENTION_KEEP_LAST",
        "train-ppo, LORA_TARGETS",
        "train-dpo, TRAIN_MICRO_BATCH_TOKENS"
    })
    void aRoleThatIsStartedAloneReadsItsSettingsFirst(String role, Key key) {
        refused(key, NONSENSE, configuration -> PreparedRoles.of(configuration, List.of(role)));
    }

    @ParameterizedTest
    @CsvSource({
        "JUDGE_TEMPLATE",
        "RETENTION_METRIC",
        "LORA_TARGETS",
        "PPO_VERSIONS",
        "CLUSTER_PORT"
    })
    void theDemoKeepsItsDataWhereAValueIsWrong(Key key) throws Exception {
        Path kept = Files.createDirectories(folder.resolve("data/kafka")).resolve("kept");
        Files.writeString(kept, "a log");

        Answer answer = answer(key, NONSENSE, "demo", "--fresh");

        assertThat(answer.exit()).as(answer.err()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(answer.err()).contains(key.key());
        assertThat(kept).hasContent("a log");
        assertThat(folder.resolve("data")).isDirectoryNotContaining("glob:**demo.json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "run                | tensor.device=toaster                  | tensor.device is 'toaster'",
                "start train-sft    | lora.rank=x                            | lora.rank is 'x'",
                "start judge        | kafka.bootstrap.servers= schema.registry.url=http://127.0.0.1:1 | kafka.bootstrap.servers is empty: name a cluster of yours",
                "run                | judge.auditShare=1.5                  | judge.auditShare is '1.5': it must be a number from 0 to 1",
                "run                | judge.secondOrder=x                    | judge.secondOrder is 'x': it must be always or uncertain",
                "run                | labels.source=human score.by=judge     | labels.source",
                "run                | slCai.enabled=true slCai.revisions=3   | slCai.revisions must be at least 16",
                "run                | slCai.enabled=true policy.model=.      | slCai.helpfulFile",
                "run                | labels.source=mixed labels.humanShare.nosuch=0.5 | labels.humanShare.nosuch",
                "run                | judge.template=absent.txt              | absent.txt",
                "run                | prompts.source=file prompts.file=absent.jsonl | absent.jsonl",
                "run                | judge.budget.dollars=5                 | price.promptTokens",
                "run                | judge.kind=computed judge.computed.feedback=regex judge.computed.regex=( | judge.computed.regex",
                "run                | lora.rank=4 lora.targets=q_proj,foo    | lora.targets is 'q_proj,foo'",
                "run                | judge.url=ftp://somewhere              | judge.url",
                "run                | kafka.bootstrap.servers=localhost:1    | schema.registry.url"
            })
    void whatIsWrongTogetherIsToldBeforeAnythingIsMade(
            String command, String settings, String said) {
        List<String> arguments = new ArrayList<>(List.of(command.split(" ", -1)));
        arguments.addAll(List.of("-X", "prompts.source=world"));
        for (String setting : settings.split(" ", -1)) {
            arguments.addAll(List.of("-X", setting));
        }

        Answer answer = execute(arguments);

        assertThat(answer.exit()).as(answer.err()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(answer.err()).contains(said);
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"run", "start train-sft", "run prompts.file"})
    void aPolicyModelOfAnotherKindIsRefusedBeforeAnythingIsMade(String command) throws Exception {
        Path model = model("{\"model_type\": \"gpt2\", \"vocab_size\": 10}");

        Answer answer = withModel(command, model);

        assertThat(answer.exit()).as(answer.err()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(answer.err()).contains(model.resolve("config.json").toString(), "gpt2");
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void aPolicyModelThatCannotBeReadIsRefusedBeforeAnythingIsMade() throws Exception {
        Path model = model("{\"model_type\": ");

        Answer answer = withModel("run", model);

        assertThat(answer.exit()).as(answer.err()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(answer.err()).contains(model.resolve("config.json").toString());
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void aPolicyModelWithTheTokenizerOfAnotherIsRefusedBeforeAnythingIsMade() throws Exception {
        Path model = model("{}");
        Files.delete(model.resolve("config.json"));
        Files.writeString(
                model.resolve("tokenizer.json"), tokenizer("\"a\": 0, \"b\": 1, \"c\": 2"));
        TensorThread.prepare(1);
        ModelShape shape = new ModelShape(3, 8, 1, 2, 2, 4, 8, 16, 10_000, 1e-5, 1, 0);
        try (Transformer random = Transformer.random(shape, Head.LANGUAGE_MODEL, 3);
                Tokenizer own = Tokenizer.load(model)) {
            random.save(Files.createDirectory(folder.resolve("saved")), own, WeightFormat.FLOAT32);
        }
        Path saved = folder.resolve("saved");
        assertThat(PreparedRoles.of(ofModel(saved), List.of(Roles.TRAIN_SFT)).names())
                .containsExactly(Roles.TRAIN_SFT);
        Files.writeString(
                saved.resolve("tokenizer.json"),
                tokenizer("\"a\": 0, \"b\": 1, \"c\": 2, \"d\": 3"));

        Answer answer = withModel("run", saved);

        assertThat(answer.exit()).as(answer.err()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(answer.err())
                .contains(saved.resolve("tokenizer.json").toString(), "the model has rows for 3");
        assertThat(folder.resolve("data")).doesNotExist();
    }

    private Path model(String config) throws Exception {
        Path model = Files.createDirectory(folder.resolve("model"));
        Files.writeString(model.resolve("config.json"), config);
        return model;
    }

    private static String tokenizer(String vocabulary) {
        return """
        {"version": "1.0", "added_tokens": [], "normalizer": null,
         "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null, "decoder": null,
         "model": {"type": "WordLevel", "unk_token": "a", "vocab": {%s}}}
        """
                .formatted(vocabulary);
    }

    private static Configuration ofModel(Path model) {
        return Configuration.resolve(
                Map.of(), Optional.empty(), Map.of(), Map.of("policy.model", model.toString()));
    }

    /// @param command with `prompts.file` behind it where prompts are measured by the model
    private Answer withModel(String command, Path model) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(command.split(" ", -1)));
        Path prompts = folder.resolve("prompts.jsonl");
        if (arguments.remove("prompts.file")) {
            Files.writeString(prompts, "{\"prompt\": \"a\"}\n");
            arguments.addAll(List.of("-X", "prompts.source=file", "-X", "prompts.file=" + prompts));
        } else {
            arguments.addAll(List.of("-X", "prompts.source=world"));
        }
        arguments.addAll(List.of("-X", "policy.model=" + model));
        return execute(arguments);
    }

    @Test
    void whatNobodyStartsMayBeWrong() {
        Configuration configuration =
                Configuration.resolve(
                        Map.of(), Optional.empty(), Map.of(), settings(Key.DPO_BETA, NONSENSE));

        assertThat(PreparedRoles.of(configuration, List.of(Roles.PROMPTS)).names())
                .containsExactly(Roles.PROMPTS);
    }

    private static void refused(Key key, String value, Function<Configuration, ?> prepared) {
        Map<String, String> settings = settings(key, value);
        Configuration configuration =
                Configuration.resolve(Map.of(), Optional.empty(), Map.of(), settings);

        assertThatThrownBy(() -> prepared.apply(configuration))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(key.key());
    }

    private static Map<String, String> settings(Key key, String value) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("prompts.source", "world");
        for (String other : reading(key)) {
            settings.put(other.split("=", 2)[0], other.split("=", 2)[1]);
        }
        String entry =
                switch (key) {
                    case ROLLOUTS_PAUSE_ON -> ".judge";
                    case LABELS_HUMAN_SHARE -> ".red-team";
                    default -> "";
                };
        settings.put(key.key() + entry, value);
        return settings;
    }

    private Answer answer(Key key, String value, String... command) {
        List<String> arguments = new ArrayList<>(List.of(command));
        settings(key, value)
                .forEach((name, given) -> arguments.addAll(List.of("-X", name + "=" + given)));
        return execute(arguments);
    }

    /// What else is set so that anybody reads the setting.
    private static List<String> reading(Key key) {
        return switch (key) {
            case PROMPTS_FILE -> List.of("prompts.source=file");
            case JUDGE_COMPUTED_REGEX_WANTED ->
                    List.of(
                            "judge.kind=computed",
                            "judge.computed.feedback=regex",
                            "judge.computed.regex=x");
            case JUDGE_COMPUTED_COMMAND ->
                    List.of("judge.kind=computed", "judge.computed.feedback=command");
            case JUDGE_COMPUTED_MAX_PROCESSES, JUDGE_COMPUTED_DEADLINE_SECONDS ->
                    List.of(
                            "judge.kind=computed",
                            "judge.computed.feedback=command",
                            "judge.computed.command=sh");
            case JUDGE_SECOND_ORDER_THRESHOLD, JUDGE_AUDIT_SHARE ->
                    List.of("judge.secondOrder=uncertain");
            case LABELS_HUMAN_SHARE -> List.of("labels.source=mixed");
            case LABELS_SIMULATED_PEOPLE -> List.of("labels.source=human");
            case LORA_ALPHA, LORA_TARGETS -> List.of("lora.rank=4");
            case PPO_KL_TARGET, PPO_KL_HORIZON -> List.of("ppo.kl.controller=adaptive");
            case SFT_DEMONSTRATIONS -> List.of("policy.model=.");
            case REVISE_API_KEY_ENV, REVISE_PRICE_PROMPT, REVISE_PRICE_COMPLETION ->
                    List.of("slCai.enabled=true", "revise.url=http://127.0.0.1:1/v1");
            default -> readingBelow(key.key());
        };
    }

    private static List<String> readingBelow(String name) {
        if (name.startsWith("judge.local.")) {
            return List.of("judge.kind=local", "judge.local.model=.");
        }
        if (name.startsWith("judge.computed.")) {
            return List.of("judge.kind=computed");
        }
        if (name.startsWith("dpo.")) {
            return List.of("train.algorithm=dpo");
        }
        if (name.startsWith("revise.") || name.startsWith("slCai.")) {
            return name.equals("slCai.enabled") ? List.of() : List.of("slCai.enabled=true");
        }
        return name.startsWith("labelStats.") && !name.equals("labelStats.enabled")
                ? List.of("labelStats.enabled=true")
                : List.of();
    }

    /// What a command came to.
    private record Answer(int exit, String err) {}

    private Answer execute(List<String> arguments) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of("--data", folder.resolve("data").toString()));
        StringWriter err = new StringWriter();
        int exit =
                Main.commandLine().setErr(new PrintWriter(err)).execute(all.toArray(String[]::new));
        return new Answer(exit, err.toString());
    }
}

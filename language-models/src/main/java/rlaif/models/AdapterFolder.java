package rlaif.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An adapter as PEFT keeps it: `adapter_config.json` and `adapter_model.safetensors`.
final class AdapterFolder {

    static final String CONFIG = "adapter_config.json";
    static final String WEIGHTS = "adapter_model.safetensors";

    /// Names the base in the weights' metadata, which PEFT leaves alone; an unknown key of the
    /// configuration would stop older versions of it.
    private static final String BASE_DIGEST = "rlaif_base_sha256";

    private static final long LARGEST_BYTES = 1_000_000;
    private static final String TASK = "task_type";
    private static final String TARGETS = "target_modules";
    private static final String BIAS = "bias";
    private static final String INITIAL = "init_lora_weights";

    /// What PEFT names for every adapter of a classifier: the head of its model is one of them.
    private static final Set<String> HEADS = Set.of("score", "classifier");

    /// Keys that say where an adapter comes from, how it began or how it was trained, and nothing
    /// of what it computes. Of every other key that is not read here, only null, false or empty
    /// means that it changes nothing.
    private static final Set<String> TOLD =
            Set.of(
                    "auto_mapping",
                    "base_model_name_or_path",
                    "corda_config",
                    "ensure_weight_tying",
                    "eva_config",
                    "inference_mode",
                    "loftq_config",
                    "lora_dropout",
                    "lora_ga_config",
                    "megatron_config",
                    "megatron_core",
                    "peft_version",
                    "qalora_group_size",
                    "revision",
                    "runtime_config");

    private static final Set<String> READ =
            Set.of("peft_type", TASK, TARGETS, "r", "lora_alpha", "modules_to_save", BIAS, INITIAL);

    /// Beginnings that leave the base as it is; PiSSA, OLoRA, CorDA and others take from it what
    /// they give the adapter.
    private static final Set<String> INITIALS =
            Set.of("true", "false", "gaussian", "eva", "orthogonal");

    private final Path file;
    private final ObjectNode json;

    private AdapterFolder(Path folder) {
        this.file = folder.resolve(CONFIG);
        this.json = JsonFile.read(file, LARGEST_BYTES);
    }

    /// Writes an adapter as float32.
    ///
    /// @param base where the base lies, for whoever loads the adapter
    static void write(Path folder, Adapter adapter, Head head, String base) {
        JsonFile.write(folder.resolve(CONFIG), json(adapter.settings(), head, base));
        SafetensorsWriter.write(
                folder.resolve(WEIGHTS),
                adapter.layout().named().stream()
                        .map(tensor ->
                                new SafetensorsWriter.Tensor(
                                        tensor.name(),
                                        tensor.shape(),
                                        FloatRuns.of(adapter.weights(), tensor.offset())))
                        .filter(tensor -> !tensor.isScoreBiasOfZero())
                        .toList(),
                WeightType.FLOAT32,
                Map.of("format", "pt", BASE_DIGEST, adapter.base().digest()));
    }

    private static ObjectNode json(LoraSettings settings, Head head, String base) {
        ObjectNode json = JsonFile.JSON.createObjectNode();
        json.put("peft_type", "LORA");
        json.put(TASK, task(head));
        json.put("base_model_name_or_path", base);
        json.put("r", settings.rank());
        json.put("lora_alpha", settings.alpha());
        json.put("lora_dropout", 0.0);
        ArrayNode targets = json.putArray(TARGETS);
        EnumSet.copyOf(settings.targets()).forEach(target -> targets.add(target.moduleName()));
        if (head == Head.SCALAR) {
            json.putArray("modules_to_save").add("classifier").add("score"); // as PEFT does
        } else {
            json.putNull("modules_to_save");
        }
        json.put("bias", "none");
        json.put("fan_in_fan_out", false);
        json.put("inference_mode", true);
        return json;
    }

    private static String task(Head head) {
        return switch (head) {
            case LANGUAGE_MODEL -> "CAUSAL_LM";
            case SCALAR -> "SEQ_CLS";
        };
    }

    /// What an adapter's configuration says.
    record Described(LoraSettings settings, Head head) {}

    /// Reads the configuration; what would be computed otherwise than here is refused by its key.
    ///
    /// @param layers of the base
    static Described describe(Path folder, int layers) {
        AdapterFolder adapter = new AdapterFolder(folder);
        return new Described(adapter.settings(layers), adapter.head());
    }

    /// Fills an adapter of the described shape from the folder's weights.
    ///
    /// @throws ModelFolderException if the folder names other weights as its base; others than ours
    ///   name none
    static void read(Path folder, Adapter adapter) {
        Path weights = folder.resolve(WEIGHTS);
        try (Safetensors stored = Safetensors.open(weights)) {
            List<ParameterLayout.Named> named = adapter.layout().named();
            new TensorFit(named, Set.of(AdapterLayout.SCORE_BIAS), _ -> false)
                    .require(weights, CONFIG + " and the base", stored.names(), stored::shape);
            requireBase(weights, stored.metadata().get(BASE_DIGEST), adapter.base());
            for (ParameterLayout.Named tensor : named) {
                if (stored.names().contains(tensor.name())) {
                    FloatRuns.copy(
                            stored.read(tensor.name()),
                            adapter.weights(),
                            tensor.offset(),
                            tensor.size());
                }
            }
        }
    }

    private static void requireBase(Path weights, @Nullable String named, BaseWeights base) {
        if (named != null && !named.equals(base.digest())) {
            throw new ModelFolderException(
                    weights,
                    "was trained beside a base of the same shape whose weights are others (sha256 %s, here %s): name the base that base_model_name_or_path in %s says"
                            .formatted(named, base.digest(), CONFIG));
        }
    }

    private LoraSettings settings(int layers) {
        if (!json.path("peft_type").asText().equals("LORA")) {
            throw refused("peft_type", "LORA is supported");
        }
        requireNothingUnknown();
        for (JsonNode module : json.path("modules_to_save")) {
            if (!HEADS.contains(module.asText())) {
                throw refused("modules_to_save", "only score is supported");
            }
        }
        if (!json.path("r").isInt() || !json.path("lora_alpha").isNumber()) {
            throw refused(json.path("r").isInt() ? "lora_alpha" : "r", "a number is needed");
        }
        try {
            return new LoraSettings(
                    json.path("r").intValue(),
                    json.path("lora_alpha").doubleValue(),
                    targets(layers));
        } catch (IllegalArgumentException e) {
            throw new ModelFolderException(file, "describes no adapter: " + e.getMessage(), e);
        }
    }

    private void requireNothingUnknown() {
        for (Map.Entry<String, JsonNode> entry : json.properties()) {
            String key = entry.getKey();
            JsonNode value = entry.getValue();
            boolean off = value.isNull() || value.equals(BooleanNode.FALSE) || isEmpty(value);
            if (!off && !READ.contains(key) && !TOLD.contains(key)) {
                throw refused(key, "adapters with it are not supported");
            }
        }
        if (!json.path(BIAS).asText("none").equals("none")) {
            throw refused(BIAS, "only none is supported");
        }
        JsonNode initial = json.path(INITIAL);
        if (!initial.isMissingNode() && !initial.isNull() && !INITIALS.contains(initial.asText())) {
            throw refused(
                    INITIAL,
                    "the base is another one after such a beginning; save the adapter with PEFT's path_initial_model_for_weight_conversion");
        }
    }

    private static boolean isEmpty(JsonNode value) {
        return value.isTextual()
                ? value.textValue().isEmpty()
                : value.isContainerNode() && value.isEmpty();
    }

    private Set<LoraTarget> targets(int layers) {
        if (!json.path(TARGETS).isArray()) {
            throw refused(TARGETS, "a list of module names is needed");
        }
        AdapterTargets targets = new AdapterTargets(layers);
        for (JsonNode name : json.path(TARGETS)) {
            if (!targets.add(name.asText())) {
                throw refused(
                        TARGETS,
                        "'%s' is none of the base's %d layers: q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj and down_proj are supported"
                                .formatted(name.asText(), layers));
            }
        }
        if (targets.lacking().isPresent()) {
            throw refused(
                    TARGETS,
                    "adapters beside a matrix of some layers alone are not supported: "
                            + targets.lacking().get()
                            + " lacks");
        }
        return targets.targets();
    }

    private Head head() {
        return switch (json.path(TASK).asText()) {
            case "CAUSAL_LM" -> Head.LANGUAGE_MODEL;
            case "SEQ_CLS" -> Head.SCALAR;
            default -> throw refused(TASK, "CAUSAL_LM and SEQ_CLS are supported");
        };
    }

    private ModelFolderException refused(String key, String why) {
        return ModelFolderException.ofKey(file, key, json.path(key), why);
    }
}

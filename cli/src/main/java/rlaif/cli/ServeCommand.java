package rlaif.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.Key;
import rlaif.models.CheckpointRefusedException;
import rlaif.models.ModelFolderException;
import rlaif.models.PaddingStandIn;
import rlaif.models.Tokenizer;
import rlaif.models.serving.ModelServer;
import rlaif.models.serving.ServedModel;
import rlaif.models.serving.ServerAddress;
import rlaif.models.serving.ServingSettings;

/// Answers OpenAI's clients with a policy, or with any model folder, until it is stopped.
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = {
            "Serve a policy or a model to any OpenAI client: /v1/models, /v1/chat/completions, /v1/completions.",
            "Logprobs are the model's own (temperature 1), up to 20 rivals a token."
        },
        footer = {
            "",
            "Examples:",
            "  rlaif serve --policy latest        # follows new versions as they are trained",
            "  rlaif serve --model DIR --port 8000",
            "  curl http://127.0.0.1:8000/v1/chat/completions -d '{\"model\": \"policy\",",
            "    \"messages\": [{\"role\": \"user\", \"content\": \"hello\"}], \"logprobs\": true, \"top_logprobs\": 5}'",
            "  rlaif run -X judge.url=http://127.0.0.1:8000/v1 -X judge.model=DIR   # as the judge",
            "",
            "Messages go through the folder's chat template; without one they become paragraphs",
            "'role: content', then 'assistant:'.",
            "A policy of a practice world gets its world's own turns."
        })
final class ServeCommand implements Callable<Integer> {
    private static final Duration LOOK_FOR_NEWER = Duration.ofSeconds(1);

    @Mixin private CommonOptions common = new CommonOptions();

    @ArgGroup(multiplicity = "1")
    private Source source = new Source();

    /// Which model answers.
    static final class Source {
        @Option(names = "--model", paramLabel = "DIR", description = "Hugging Face folder.")
        @Nullable Path model;

        @Option(
                names = "--policy",
                paramLabel = "VERSION",
                description =
                        "Policy version: a number; or latest, which follows new versions of the data directory, or of the cluster named with -b.")
        @Nullable String policy;
    }

    @Option(
            names = "--port",
            defaultValue = "8000",
            description = "0: a free one; default ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            description = "Interface to listen on; default ${DEFAULT-VALUE}, this machine alone.")
    private String host = "127.0.0.1";

    @Option(
            names = "--token",
            paramLabel = "ENV",
            description =
                    "Environment variable with the token that clients must send; needed for a public --host.")
    @Nullable String tokenVariable;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Name that clients ask for; default: the folder's, or policy.name.")
    @Nullable String name;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        Configuration configuration = common.configuration();
        Progress progress = new Progress(spec.commandLine().getErr());
        ServerAddress address = address();
        ServingSettings settings = ServingSettings.DEFAULT.withThreads(threads(configuration));
        if (source.model != null) {
            Path folder = source.model;
            String called =
                    name == null ? folder.toAbsolutePath().normalize().getFileName() + "" : name;
            try (StopSignal stop = StopSignal.install()) {
                ServedModel model = load(called, called, folder);
                PaddingStandIn.in(folder)
                        .ifPresent(standIn -> progress.accept("warning: " + standIn.text()));
                serve(address, settings, model, stop, progress);
            }
            return ExitCode.OK;
        }
        String wanted = source.policy == null ? "latest" : source.policy;
        try (StopSignal stop = StopSignal.install();
                PolicyVersions versions =
                        PolicyVersions.open(configuration, common.verbose, progress)) {
            String called = name == null ? configuration.text(Key.POLICY_NAME) : name;
            PolicyVersions.Version version = versions.version(wanted);
            ServedModel first = policy(called, version);
            try (ModelServer server = ModelServer.start(address, settings, first)) {
                ready(server, first, progress);
                if (wanted.equals("latest")) {
                    follow(server, versions, called, version.number(), stop, progress);
                } else {
                    stop.await();
                }
            }
        }
        return ExitCode.OK;
    }

    private void serve(
            ServerAddress address,
            ServingSettings settings,
            ServedModel model,
            StopSignal stop,
            Progress progress)
            throws InterruptedException {
        try (ModelServer server = ModelServer.start(address, settings, model)) {
            ready(server, model, progress);
            stop.await();
        }
    }

    private void ready(ModelServer server, ServedModel model, Progress progress) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(server.uri());
        out.flush();
        progress.accept(
                model.name() + " (" + model.version() + ") answers; Ctrl-C stops the server");
    }

    /// Swaps to each newer version; one that cannot be read is passed over and said.
    private static void follow(
            ModelServer server,
            PolicyVersions versions,
            String called,
            long first,
            StopSignal stop,
            Progress progress)
            throws InterruptedException {
        long seen = first;
        while (!stop.await(LOOK_FOR_NEWER)) {
            try {
                PolicyVersions.Version newest = versions.version("latest");
                if (newest.number() > seen) {
                    seen = newest.number();
                    server.replace(policy(called, newest));
                    progress.accept(called + "-" + seen + " answers now");
                }
            } catch (CheckpointRefusedException | ModelFolderException unusable) {
                progress.accept("the older version goes on: " + unusable.getMessage());
            }
        }
    }

    private static ServedModel policy(String called, PolicyVersions.Version version) {
        return load(called, called + "-" + version.number(), version.folder());
    }

    private static ServedModel load(String called, String version, Path folder) {
        try (Tokenizer tokenizer = Tokenizer.load(folder)) {
            return ServedModel.load(called, version, folder, PromptFormat.of(tokenizer).chat());
        }
    }

    private static int threads(Configuration configuration) {
        return configuration.isSet(Key.THREADS)
                ? new TensorThreads(configuration).of(Key.THREADS)
                : Runtime.getRuntime().availableProcessors();
    }

    private ServerAddress address() {
        String token = "";
        if (tokenVariable != null) {
            token = System.getenv().getOrDefault(tokenVariable, "").strip();
            if (token.isEmpty()) {
                throw new Failure(
                        ExitCode.CONFIGURATION,
                        "--token names the environment variable "
                                + tokenVariable
                                + ", which is not set: export it with the token that clients send");
            }
        }
        try {
            return new ServerAddress(host, port, token);
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(
                    spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
        }
    }
}

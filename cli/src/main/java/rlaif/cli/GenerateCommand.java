package rlaif.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import rlaif.cli.config.Configuration;
import rlaif.models.PaddingStandIn;
import rlaif.models.Sampler;
import rlaif.models.SamplingSettings;
import rlaif.models.TensorThread;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;

/// Answers prompts with a policy: those given as arguments, else line by line from stdin.
@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        description = "Chat with a policy at the terminal.",
        footer = {
            "",
            "Examples:",
            "  rlaif generate --policy 40",
            "  rlaif generate --policy latest -b kafka:9092 -X schema.registry.url=http://registry:8081",
            "  rlaif generate --model DIR 'user : hello assistant :'"
        })
final class GenerateCommand implements Callable<Integer> {
    @Mixin private CommonOptions common = new CommonOptions();

    @ArgGroup(multiplicity = "1")
    private Source source = new Source();

    /// Which policy answers.
    static final class Source {
        @Option(names = "--model", paramLabel = "DIR", description = "Hugging Face folder.")
        @Nullable Path model;

        @Option(
                names = "--policy",
                paramLabel = "VERSION",
                description =
                        "Policy version, a number or latest: of the data directory, or of the cluster named with -b.")
        @Nullable String policy;
    }

    @Option(
            names = "--temperature",
            defaultValue = "1.0",
            description = "Above 0; default ${DEFAULT-VALUE}.")
    private double temperature;

    @Option(
            names = "--max-tokens",
            defaultValue = "64",
            description = "Longest completion; default ${DEFAULT-VALUE}.")
    private int maxTokens;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "Seed of the first completion; default ${DEFAULT-VALUE}.")
    private long seed;

    @Parameters(
            arity = "0..*",
            paramLabel = "PROMPT",
            description = "Prompts; none: read lines from stdin.")
    private List<String> prompts = List.of();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Configuration configuration = common.configuration();
        Progress progress = new Progress(spec.commandLine().getErr());
        Path folder =
                source.model != null ? source.model : ofPolicy(configuration, source, progress);
        TensorThread.prepare(Runtime.getRuntime().availableProcessors());
        try (Transformer policy = Transformer.loadFinite(folder);
                Tokenizer tokenizer = Tokenizer.load(folder);
                Sampler sampler = new Sampler(policy)) {
            PaddingStandIn.in(folder)
                    .ifPresent(standIn -> progress.accept("warning: " + standIn.text()));
            Chat chat = new Chat(tokenizer, policy, sampler, PromptFormat.of(tokenizer));
            if (!prompts.isEmpty()) {
                for (String prompt : prompts) {
                    chat.answer(prompt);
                }
            } else {
                chat.converse();
            }
        }
        return ExitCode.OK;
    }

    private Path ofPolicy(Configuration configuration, Source chosen, Progress progress) {
        try (PolicyVersions versions =
                PolicyVersions.open(configuration, common.verbose, progress)) {
            return versions.version(chosen.policy == null ? "latest" : chosen.policy).folder();
        }
    }

    /// Prompts in, completions out.
    private final class Chat {
        private final Tokenizer tokenizer;
        private final Transformer policy;
        private final Sampler sampler;
        private final PromptFormat format;
        private final PrintWriter out = spec.commandLine().getOut();
        private long next = seed;

        private Chat(
                Tokenizer tokenizer, Transformer policy, Sampler sampler, PromptFormat format) {
            this.tokenizer = tokenizer;
            this.policy = policy;
            this.sampler = sampler;
            this.format = format;
        }

        private void converse() throws IOException {
            boolean person = Terminal.isThere();
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            while (true) {
                if (person) {
                    System.err.print("> ");
                    System.err.flush();
                }
                String line = lines.readLine();
                if (line == null) {
                    return;
                }
                if (!line.isBlank()) {
                    answer(line.strip());
                }
            }
        }

        private void answer(String text) {
            int[] prompt = tokenizer.encodePrompt(format.prompt(text));
            int room = policy.shape().maxPositions() - prompt.length;
            if (prompt.length == 0 || room < 1) {
                throw new Failure(
                        ExitCode.CONFIGURATION,
                        "the prompt has "
                                + prompt.length
                                + " tokens and the policy reads 1 to "
                                + (policy.shape().maxPositions() - 1));
            }
            SamplingSettings settings =
                    new SamplingSettings(temperature, Math.min(maxTokens, room));
            Sampler.Sample sample =
                    sampler.sample(List.of(new Sampler.Request(prompt, next++)), settings)
                            .getFirst();
            out.println(tokenizer.decode(sample.tokens()));
            out.flush();
        }
    }
}

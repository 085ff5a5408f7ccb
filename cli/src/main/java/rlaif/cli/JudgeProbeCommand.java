package rlaif.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import rlaif.cli.config.Configuration;
import rlaif.cli.judging.ProbedPair;
import rlaif.cli.judging.WorldCases;
import rlaif.judging.Constitution;
import rlaif.judging.Presentation;
import rlaif.judging.Principle;
import rlaif.judging.attack.AttackCase;

/// Asks the configured judge about one pair in both orders and shows all that went back and forth.
@Command(
        name = "probe",
        mixinStandardHelpOptions = true,
        description =
                "Ask the configured judge about one pair, both orders, and show everything: every"
                        + " request and raw reply, log-probabilities, probabilities and the label.",
        footer = {
            "",
            "Exit code 4: an order got no reply; 5: a reply could not be read.",
            "",
            "Examples:",
            "  rlaif judge probe",
            "  rlaif judge probe --prompt 'What is 2 + 2?' --first '4' --second 'Five.'"
        })
final class JudgeProbeCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin private CommonOptions common = new CommonOptions();

    @Option(names = "--prompt", paramLabel = "TEXT", description = "The prompt.")
    private @Nullable String prompt;

    @Option(names = "--first", paramLabel = "TEXT", description = "One completion.")
    private @Nullable String first;

    @Option(names = "--second", paramLabel = "TEXT", description = "The other completion.")
    private @Nullable String second;

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description =
                    "A JSON object {\"prompt\", \"first\", \"second\"} instead; with neither, a shipped"
                            + " example.")
    private @Nullable Path file;

    @Option(
            names = "--principle",
            paramLabel = "ID",
            description = "Principle of the constitution; default: its first.")
    private @Nullable String principleId;

    @Option(names = "--json", description = "One object on stdout.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        Configuration configuration = common.configuration();
        Progress progress = new Progress(spec.commandLine().getErr());
        try (JudgeConnection connection = JudgeConnection.open(configuration, progress)) {
            Presentation shown = shown(configuration, connection.constitution());
            ProbedPair probed = ProbedPair.ask(connection.judge(), shown);
            var report = new ProbeReport(connection.judge(), shown, probed);
            PrintWriter out = spec.commandLine().getOut();
            out.println(json ? report.json() : report.text());
            out.flush();
            return switch (probed.outcome()) {
                case LABELLED -> ExitCode.OK;
                case UNREADABLE -> ExitCode.VERIFICATION;
                case NO_REPLY -> ExitCode.DEPENDENCY;
            };
        }
    }

    private Presentation shown(Configuration configuration, Constitution constitution) {
        Principle principle = principle(constitution);
        if (file != null) {
            if (prompt != null || first != null || second != null) {
                throw new ParameterException(spec.commandLine(), "give --file or a pair, not both");
            }
            return read(file, principle);
        }
        if (prompt != null && first != null && second != null) {
            return new Presentation("probe", principle, prompt, first, second);
        }
        if (prompt != null || first != null || second != null) {
            throw new ParameterException(
                    spec.commandLine(), "a pair needs --prompt, --first and --second");
        }
        AttackCase example =
                JudgeConnection.isSimulated(configuration)
                        ? WorldCases.of(Worlds.named(configuration), _ -> principle, 1, 1)
                                .getFirst()
                        : AttackCase.shipped(principle).getFirst();
        return new Presentation(
                "probe", principle, example.prompt(), example.decent(), example.bad());
    }

    private Principle principle(Constitution constitution) {
        List<Principle> principles = constitution.principles();
        if (principleId == null) {
            return principles.getFirst();
        }
        return principles.stream()
                .filter(principle -> principle.id().equals(principleId))
                .findFirst()
                .orElseThrow(() ->
                        new ParameterException(
                                spec.commandLine(),
                                "constitution %s has no principle '%s': it has %s"
                                        .formatted(
                                                constitution.id(),
                                                principleId,
                                                String.join(
                                                        ", ",
                                                        principles.stream()
                                                                .map(Principle::id)
                                                                .toList()))));
    }

    private static Presentation read(Path file, Principle principle) {
        try {
            JsonNode pair = JSON.readTree(Files.readString(file));
            return new Presentation(
                    "probe",
                    principle,
                    text(file, pair, "prompt"),
                    text(file, pair, "first"),
                    text(file, pair, "second"));
        } catch (JsonProcessingException e) {
            throw new Failure(
                    ExitCode.CONFIGURATION, file + ": is no JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.CONFIGURATION, file + ": cannot be read as UTF-8 text: " + e, e);
        }
    }

    private static String text(Path file, JsonNode pair, String key) {
        JsonNode value = pair.path(key);
        if (!value.isTextual()) {
            throw new Failure(ExitCode.CONFIGURATION, "%s: '%s' must be text".formatted(file, key));
        }
        return value.textValue();
    }
}

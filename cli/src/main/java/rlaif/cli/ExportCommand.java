package rlaif.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import rlaif.monitor.PreferenceExport;

/// Writes what is on the stream for other tools.
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = "Export records for other tools.")
final class ExportCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    /// Layout of the exported file.
    enum Format {
        JSONL
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name what to export: export preferences");
    }

    @Command(
            name = "preferences",
            mixinStandardHelpOptions = true,
            description =
                    "Preferences as TRL reads them (prompt, chosen, rejected), with where each came from.")
    int preferences(
            @Mixin CommonOptions common,
            @Option(names = "--format", defaultValue = "jsonl", description = "jsonl")
                    Format format,
            @Option(
                            names = "--out",
                            paramLabel = "FILE",
                            description = "Write here; default: stdout.")
                    @Nullable Path file)
            throws IOException {
        Progress progress = new Progress(spec.commandLine().getErr());
        try (Deployment deployment =
                Deployment.look(common.configuration(), common.verbose, progress)) {
            PreferenceExport export =
                    new PreferenceExport(deployment.connection(), deployment.codecs());
            PreferenceExport.Written written;
            if (file == null) {
                PrintWriter out = spec.commandLine().getOut();
                written = export.write(out);
                out.flush();
            } else {
                try (BufferedWriter out = Files.newBufferedWriter(file)) {
                    written = export.write(out);
                }
            }
            progress.accept(
                    written.lines()
                            + " preferences as "
                            + format.name().toLowerCase(java.util.Locale.ROOT)
                            + ", "
                            + written.ties()
                            + " of them ties, "
                            + written.superseded()
                            + " superseded, "
                            + written.skipped()
                            + " skipped");
            return written.skipped() > 0 ? ExitCode.PARTIAL : ExitCode.OK;
        }
    }
}

package rlaif.cli;

import java.nio.file.Path;
import picocli.CommandLine.Parameters;
import rlaif.judging.Constitution;
import rlaif.judging.ConstitutionException;
import rlaif.judging.ConstitutionFile;

/// The file of a constitution that a command is about.
final class ConstitutionArgument {
    @Parameters(paramLabel = "FILE", description = "YAML.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    Path file;

    Constitution read() {
        try {
            return ConstitutionFile.read(file);
        } catch (ConstitutionException wrong) {
            throw new Failure(ExitCode.CONFIGURATION, String.valueOf(wrong.getMessage()), wrong);
        }
    }
}

package rlaif.cli;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import rlaif.cli.config.ConfigurationException;
import rlaif.cluster.ClusterStartException;
import rlaif.cluster.DataDirectoryException;
import rlaif.models.CheckpointRefusedException;
import rlaif.models.ModelFolderException;
import rlaif.models.PromptRefusedException;
import rlaif.monitor.tensorboard.ForeignEventsException;
import rlaif.producers.SourceChangedException;
import rlaif.producers.SupersededException;
import rlaif.topics.ClusterUnreachableException;
import rlaif.topics.PlanRefusedException;
import rlaif.topics.PositionLostException;
import rlaif.trainers.DemonstrationsRefusedException;
import rlaif.trainers.loop.FencedTrainerException;
import rlaif.trainers.loop.SecondPolicyException;
import rlaif.trainers.loop.TrainingDivergedException;

/// What a failure means for the user: its message and its exit code.
final class FailureReport {
    private FailureReport() {}

    /// The failure of a role, named for it.
    static Failure of(String role, Throwable failure) {
        Throwable cause = unwrapped(failure);
        return new Failure(exitCode(cause), role + ": " + message(cause), cause);
    }

    /// Prints the message, with the stack trace only where it was asked for or the failure is a
    /// bug.
    static int print(Throwable failure, boolean verbose, PrintWriter err) {
        Throwable cause = unwrapped(failure);
        int code = exitCode(cause);
        err.println("rlaif: " + message(cause));
        if (verbose) {
            cause.printStackTrace(err);
        } else if (code == ExitCode.INTERNAL) {
            err.println("rlaif: run it again with -v for the stack trace");
        }
        err.flush();
        return code;
    }

    private static String message(Throwable cause) {
        String message = cause.getMessage();
        return message == null || message.isBlank() ? cause.toString() : message;
    }

    private static int exitCode(Throwable cause) {
        return switch (cause) {
            case Failure known -> known.exitCode();
            case ConfigurationException _,
                    ModelFolderException _,
                    PromptRefusedException _,
                    DemonstrationsRefusedException _,
                    DataDirectoryException _,
                    PlanRefusedException _,
                    SecondPolicyException _,
                    ForeignEventsException _,
                    SourceChangedException _ ->
                    ExitCode.CONFIGURATION;
            case ClusterUnreachableException _,
                    ClusterStartException _,
                    FencedTrainerException _,
                    SupersededException _ ->
                    ExitCode.DEPENDENCY;
            case PositionLostException _,
                    CheckpointRefusedException _,
                    TrainingDivergedException _ ->
                    ExitCode.VERIFICATION;
            case UncheckedIOException _ -> ExitCode.DEPENDENCY;
            case null, default -> ExitCode.INTERNAL;
        };
    }

    private static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}

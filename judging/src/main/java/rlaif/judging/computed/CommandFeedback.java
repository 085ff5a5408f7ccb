package rlaif.judging.computed;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;

/// Worth by a program: it reads `{"prompt", "completion"}` as JSON from its standard input and
/// writes one number to its standard output.
///
/// The program is started with its arguments as they are, never through a shell, once for each
/// completion. Exit code 75 (`EX_TEMPFAIL`), a signal and a missed deadline mean "not this time";
/// any other exit code but 0, and anything but one number, mean "not for this completion".
public final class CommandFeedback implements Feedback {
    private static final int MAX_OUTPUT_BYTES = 4096;
    private static final int TEMPORARY_FAILURE = 75;
    private static final int SIGNALLED = 128; // and the signal's number, as shells count
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(\\d{1,300}(\\.\\d{0,300})?|\\.\\d{1,300})([eE][+-]?\\d{1,3})?");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<String> command;
    private final Duration deadline;
    private final Semaphore processes;

    /// @param command program and arguments
    /// @param deadline most time that one completion may take; then the program and all that it
    ///   started are killed
    /// @param maxProcesses most programs that run at once
    public CommandFeedback(List<String> command, Duration deadline, int maxProcesses) {
        if (command.isEmpty() || command.getFirst().isBlank()) {
            throw new IllegalArgumentException("a command needs a program, got " + command);
        }
        if (deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException("deadline must be above 0, got " + deadline);
        }
        if (maxProcesses < 1) {
            throw new IllegalArgumentException(
                    "maxProcesses must be at least 1, got " + maxProcesses);
        }
        this.command = List.copyOf(command);
        this.deadline = deadline;
        this.processes = new Semaphore(maxProcesses);
    }

    @Override
    public String name() {
        return "command";
    }

    @Override
    public String settings() {
        return command.toString();
    }

    @Override
    public Worth of(String prompt, String completion) throws InterruptedException {
        ObjectNode question = JSON.createObjectNode();
        question.put("prompt", prompt);
        question.put("completion", completion);
        byte[] input = (question + "\n").getBytes(StandardCharsets.UTF_8);
        processes.acquire();
        try (RunningProgram program = RunningProgram.start(command, input, MAX_OUTPUT_BYTES)) {
            return worth(program.await(deadline));
        } catch (IOException e) {
            return new Worth.RetryLater("cannot run " + command.getFirst() + ": " + e.getMessage());
        } finally {
            processes.release();
        }
    }

    private Worth worth(RunningProgram.End end) {
        return switch (end) {
            case RunningProgram.End.OutOfTime() ->
                    new Worth.RetryLater(
                            "%s did not end within %d ms and was killed"
                                    .formatted(command.getFirst(), deadline.toMillis()));
            case RunningProgram.End.TooMuchOutput() ->
                    new Worth.Refused(
                            "%s wrote more than %d bytes; it must write one number"
                                    .formatted(command.getFirst(), MAX_OUTPUT_BYTES));
            case RunningProgram.End.Exited(int code, String out, String err) ->
                    code == 0 ? number(out) : failed(code, err);
        };
    }

    private Worth number(String out) {
        String text = out.strip();
        if (NUMBER.matcher(text).matches()) {
            double value = Double.parseDouble(text);
            if (Double.isFinite(value)) {
                return new Worth.Value(value);
            }
        }
        return new Worth.Refused(
                "%s must write one finite number, got '%s'"
                        .formatted(command.getFirst(), excerpt(text)));
    }

    private Worth failed(int code, String err) {
        String cause =
                "%s ended with exit code %d: %s".formatted(command.getFirst(), code, excerpt(err));
        return code == TEMPORARY_FAILURE || code > SIGNALLED
                ? new Worth.RetryLater(cause)
                : new Worth.Refused(cause);
    }

    private static String excerpt(String text) {
        String line = text.replaceAll("[\\s\\p{Cc}]+", " ").strip();
        return line.isEmpty() ? "(empty)" : line.substring(0, Math.min(200, line.length()));
    }
}

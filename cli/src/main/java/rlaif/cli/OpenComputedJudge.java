package rlaif.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.ConfigurationException;
import rlaif.cli.config.Key;
import rlaif.judging.Judge;
import rlaif.judging.ScoringJudge;
import rlaif.judging.computed.CommandFeedback;
import rlaif.judging.computed.ComputedJudge;
import rlaif.judging.computed.Feedback;
import rlaif.judging.computed.LengthFeedback;
import rlaif.judging.computed.RegexFeedback;

/// The judge that is a rule or a program.
final class OpenComputedJudge implements OpenJudge {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ComputedJudge judge;

    private OpenComputedJudge(ComputedJudge judge) {
        this.judge = judge;
    }

    static PreparedJudge.Opening prepared(Configuration configuration) {
        new JudgeSettings(configuration).requireJudgeCounted(false);
        Feedback feedback =
                switch (configuration.text(Key.JUDGE_COMPUTED_FEEDBACK)) {
                    case "length" -> length(configuration);
                    case "regex" -> regex(configuration);
                    case "command" -> command(configuration);
                    default ->
                            throw configuration.wrong(
                                    Key.JUDGE_COMPUTED_FEEDBACK, "length, regex or command");
                };
        var curve =
                new ComputedJudge.Curve(
                        configuration.positive(Key.JUDGE_COMPUTED_SCALE),
                        configuration.number(Key.JUDGE_COMPUTED_CENTRE, -Double.MAX_VALUE));
        ComputedJudge judge =
                Roles.checked(() ->
                        new ComputedJudge(configuration.name(Key.JUDGE_NAME), feedback, curve));
        String line =
                "judge %s: computed, %s %s"
                        .formatted(judge.name(), feedback.name(), feedback.settings());
        return progress -> {
            progress.accept(line);
            return new OpenComputedJudge(judge);
        };
    }

    private static Feedback length(Configuration configuration) {
        return switch (configuration.text(Key.JUDGE_COMPUTED_LENGTH)) {
            case "shorter" -> new LengthFeedback(LengthFeedback.Wanted.SHORTER, 0);
            case "longer" -> new LengthFeedback(LengthFeedback.Wanted.LONGER, 0);
            case String words when words.matches("[0-9]{1,9}") ->
                    new LengthFeedback(LengthFeedback.Wanted.TARGET, Integer.parseInt(words));
            default ->
                    throw configuration.wrong(
                            Key.JUDGE_COMPUTED_LENGTH, "shorter, longer, or a number of words");
        };
    }

    private static Feedback regex(Configuration configuration) {
        String pattern =
                configuration
                        .given(Key.JUDGE_COMPUTED_REGEX)
                        .orElseThrow(() ->
                                configuration.wrong(
                                        Key.JUDGE_COMPUTED_REGEX, "a regular expression"));
        RegexFeedback.Wanted wanted =
                switch (configuration.text(Key.JUDGE_COMPUTED_REGEX_WANTED)) {
                    case "count" -> RegexFeedback.Wanted.COUNT;
                    case "present" -> RegexFeedback.Wanted.PRESENT;
                    case "absent" -> RegexFeedback.Wanted.ABSENT;
                    default ->
                            throw configuration.wrong(
                                    Key.JUDGE_COMPUTED_REGEX_WANTED, "count, present or absent");
                };
        return Roles.checked(
                Key.JUDGE_COMPUTED_REGEX,
                () -> new RegexFeedback(pattern, wanted, deadline(configuration)));
    }

    private static Feedback command(Configuration configuration) {
        List<String> words = words(configuration);
        requireProgram(words.getFirst());
        return new CommandFeedback(
                words,
                deadline(configuration),
                configuration.whole(Key.JUDGE_COMPUTED_MAX_PROCESSES, 1));
    }

    private static List<String> words(Configuration configuration) {
        String text = configuration.text(Key.JUDGE_COMPUTED_COMMAND).strip();
        if (!text.startsWith("[")) {
            if (text.isEmpty()) {
                throw configuration.wrong(
                        Key.JUDGE_COMPUTED_COMMAND, "a program with its arguments");
            }
            return List.of(text.split("\\s+", -1));
        }
        try {
            List<String> words = new ArrayList<>();
            for (JsonNode word : JSON.readTree(text)) {
                words.add(word.asText());
            }
            if (!words.isEmpty() && !words.getFirst().isBlank()) {
                return words;
            }
        } catch (JsonProcessingException e) {
            // Said below, with the same words as an empty list.
        }
        throw configuration.wrong(
                Key.JUDGE_COMPUTED_COMMAND, "a JSON list of a program and its arguments");
    }

    private static void requireProgram(String program) {
        List<Path> places =
                program.contains("/")
                        ? List.of(Path.of(program))
                        : Arrays.stream(
                                        Optional.ofNullable(System.getenv("PATH"))
                                                .orElse("")
                                                .split(File.pathSeparator, -1))
                                .map(folder -> Path.of(folder, program))
                                .toList();
        if (places.stream().noneMatch(OpenComputedJudge::isProgram)) {
            throw new ConfigurationException(
                    Key.JUDGE_COMPUTED_COMMAND.key()
                            + ": there is no program "
                            + program
                            + "; name one on the PATH or write its whole path");
        }
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }

    private static Duration deadline(Configuration configuration) {
        return Duration.ofSeconds(configuration.whole(Key.JUDGE_COMPUTED_DEADLINE_SECONDS, 1));
    }

    @Override
    public Judge judge() {
        return judge;
    }

    @Override
    public Optional<ScoringJudge> scoringJudge() {
        return Optional.of(judge);
    }

    @Override
    public void close() {}
}

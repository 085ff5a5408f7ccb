package rlaif.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import rlaif.topics.DeadLetter;
import rlaif.topics.Topic;

/// Which dead letters a command is about.
final class LetterFilter {
    private static final Pattern AGE = Pattern.compile("(\\d{1,9})([smhd])");

    @Option(
            names = "--topic",
            paramLabel = "NAME",
            description = "Topic that the records were refused from: pairs, rollouts, ...")
    @Nullable String topic;

    @Option(
            names = "--stage",
            paramLabel = "NAME",
            description = "Stage that refused them: judging, pairing, ...")
    @Nullable String stage;

    @Option(
            names = "--code",
            paramLabel = "CODE",
            description = "Why: JUDGE_UNAVAILABLE, UNREADABLE, TOO_LARGE, ...")
    @Nullable String code;

    @Option(
            names = "--since",
            paramLabel = "AGE|TIME",
            description =
                    "Records at most this old: 30m, 2h, 7d, or from a time like 2026-01-31T12:00:00Z.")
    @Nullable String since;

    boolean isGiven() {
        return topic != null || stage != null || code != null || since != null;
    }

    List<Topic> topics() {
        return topic == null ? Arrays.asList(Topic.values()) : List.of(topic(topic));
    }

    static Topic topic(String name) {
        return Arrays.stream(Topic.values())
                .filter(known -> known.shortName().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new Failure(
                                ExitCode.USAGE,
                                "no topic "
                                        + name
                                        + ": there are "
                                        + Arrays.stream(Topic.values())
                                                .map(Topic::shortName)
                                                .collect(Collectors.joining(", "))));
    }

    /// Whether a letter is meant.
    boolean test(DeadLetter letter, Instant from) {
        return (stage == null || letter.stage().equals(stage))
                && (code == null || letter.code().equals(code))
                && !letter.time().isBefore(from);
    }

    /// The earliest time meant.
    Instant from() {
        return since == null ? Instant.MIN : instant(since, "--since");
    }

    /// A time, or an age counted from now.
    static Instant instant(String text, String option) {
        Matcher age = AGE.matcher(text);
        if (age.matches()) {
            long number = Long.parseLong(age.group(1));
            return Instant.now()
                    .minus(
                            switch (age.group(2)) {
                                case "s" -> Duration.ofSeconds(number);
                                case "m" -> Duration.ofMinutes(number);
                                case "h" -> Duration.ofHours(number);
                                default -> Duration.ofDays(number);
                            });
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeException neither) {
            throw new Failure(
                    ExitCode.USAGE,
                    option
                            + " is '"
                            + text
                            + "': write an age like 30m, 2h or 7d, or a time like 2026-01-31T12:00:00Z");
        }
    }
}

package rlaif.cli;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import rlaif.topics.DeadLetter;
import rlaif.topics.Topic;

/// Places of dead letters as they are typed: `pairs-3@42`, the topic that refused them, partition
/// and offset of its `.dlq` topic.
final class LetterPlaces {
    private static final Pattern PLACE = Pattern.compile("([a-z-]+)-(\\d{1,9})[@-](\\d{1,18})");

    private LetterPlaces() {}

    static List<DeadLetter.Place> of(List<String> typed) {
        return typed.stream().map(LetterPlaces::of).toList();
    }

    static DeadLetter.Place of(String typed) {
        Matcher matcher = PLACE.matcher(typed);
        if (!matcher.matches()) {
            throw new Failure(
                    ExitCode.USAGE,
                    "'"
                            + typed
                            + "' is no dead letter: write TOPIC-PARTITION@OFFSET, as `rlaif dlq list --each` shows it");
        }
        return new DeadLetter.Place(
                LetterFilter.topic(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                Long.parseLong(matcher.group(3)));
    }

    /// Topics that the records of letters came from.
    static Set<Topic> topics(Collection<DeadLetter.Place> places) {
        return places.stream().map(DeadLetter.Place::source).collect(Collectors.toSet());
    }
}

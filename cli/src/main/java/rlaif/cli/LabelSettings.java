package rlaif.cli;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.ConfigurationException;
import rlaif.cli.config.Key;
import rlaif.events.PreferenceWriter;
import rlaif.processors.HumanShare;
import rlaif.processors.JudgeStage;
import rlaif.processors.PreferenceSettings;
import rlaif.topics.Connection;

/// Who labels and how labels become preferences, read from the configuration.
final class LabelSettings {
    /// What no prefix can be.
    private static final String WITHOUT_PREFIX = ".";

    private final Configuration configuration;

    LabelSettings(Configuration configuration) {
        this.configuration = configuration;
    }

    /// Who labels.
    private enum Source {
        AI,
        HUMAN,
        MIXED
    }

    private Source source() {
        return switch (configuration.text(Key.LABELS_SOURCE)) {
            case "ai" -> Source.AI;
            case "human" -> Source.HUMAN;
            case "mixed" -> Source.MIXED;
            default -> throw configuration.wrong(Key.LABELS_SOURCE, "ai, human or mixed");
        };
    }

    /// Which pairs are left to people.
    HumanShare people() {
        Map<String, Double> shares = configuration.shares(Key.LABELS_HUMAN_SHARE);
        Source source = source();
        shares.keySet().forEach(this::requireCategory);
        if (source != Source.MIXED && !shares.isEmpty()) {
            throw new ConfigurationException(
                    "labels.humanShare.%s says who labels a category: it needs labels.source: mixed"
                            .formatted(shares.keySet().iterator().next()));
        }
        return switch (source) {
            case AI -> HumanShare.NONE;
            case HUMAN -> HumanShare.ALL;
            case MIXED -> mixed(shares);
        };
    }

    private HumanShare mixed(Map<String, Double> shares) {
        if (shares.values().stream().allMatch(share -> share == 0)) {
            throw configuration.wrong(
                    Key.LABELS_SOURCE,
                    "ai, or given together with a share above 0 of some category: labels.humanShare.CATEGORY");
        }
        return Roles.checked(() -> new HumanShare(0, shares));
    }

    /// The practice world's categories are known, a file's are not until it is read.
    private void requireCategory(String category) {
        if (!asksWorld()) {
            return;
        }
        List<String> known = Worlds.named(configuration).categories();
        if (!known.contains(category)) {
            throw new ConfigurationException(
                    "labels.humanShare.%s names no category of %s: it asks %s"
                            .formatted(
                                    category,
                                    configuration.text(Key.PROMPTS_WORLD),
                                    String.join(" and ", known)));
        }
    }

    private boolean asksWorld() {
        return configuration.text(Key.PROMPTS_SOURCE).equals(Worlds.WORLD);
    }

    /// Whether any pair is left to people.
    boolean leavesPairsToPeople() {
        return !people().equals(HumanShare.NONE);
    }

    /// Fails where people are to label what nobody labels, since the judge scores.
    void requireUnused() {
        if (source() != Source.AI) {
            throw configuration.wrong(
                    Key.LABELS_SOURCE,
                    "ai with " + Key.SCORE_BY.key() + ": judge, which makes and reads no label");
        }
    }

    /// Whether the judge role asks a judge about any pair.
    boolean asksJudge() {
        return stages().contains(JudgeStage.Part.JUDGING) && !people().takesAll();
    }

    /// Whether simulated people label: those of the practice world that asks.
    boolean simulatesPeople() {
        return leavesPairsToPeople()
                && asksWorld()
                && configuration.whole(Key.LABELS_SIMULATED_PEOPLE, 0) > 0;
    }

    PreferenceSettings preferences() {
        return Roles.checked(() ->
                new PreferenceSettings(
                        merge(),
                        configuration.positive(Key.LABELS_HUMAN_WEIGHT),
                        configuration.flag(Key.JUDGE_ABSTAIN_ON_DISAGREEMENT),
                        configuration.flag(Key.LABELS_HARD),
                        configuration.number(Key.LABELS_MIN_MARGIN, 0, 0.5),
                        configuration.text(Key.LABELS_JUDGE)));
    }

    private PreferenceSettings.Merge merge() {
        return switch (configuration.text(Key.LABELS_MERGE)) {
            case "none" -> PreferenceSettings.Merge.NONE;
            case "supersede" -> PreferenceSettings.Merge.SUPERSEDE;
            case "weigh" -> PreferenceSettings.Merge.WEIGH;
            default -> throw configuration.wrong(Key.LABELS_MERGE, "none, supersede or weigh");
        };
    }

    /// Whether a preference can be anything but the judge's own label beside its judgment.
    private boolean derives() {
        PreferenceSettings preferences = preferences();
        return leavesPairsToPeople()
                || preferences.merge() != PreferenceSettings.Merge.NONE
                || preferences.hardLabels()
                || preferences.minMargin() > 0
                || !preferences.judge().isEmpty();
    }

    /// Which stage writes preferences.
    PreferenceWriter writer() {
        return derives() || stages().contains(JudgeStage.Part.PREFERENCES)
                ? PreferenceWriter.PREFERENCES
                : PreferenceWriter.JUDGING;
    }

    /// The parts of the judge role that run: as configured, else as the labels need them.
    Set<JudgeStage.Part> stages() {
        Set<JudgeStage.Part> stages = namedStages();
        if (stages.contains(JudgeStage.Part.JUDGING) && readPrefix().isPresent()) {
            throw configuration.wrong(
                    Key.LABELS_READ_PREFIX,
                    "left out where judge.stages has judging: what is judged under '%s' would never become a preference; label anew with judge.stages: preferences"
                            .formatted(configuration.text(Key.TOPICS_PREFIX)));
        }
        return stages;
    }

    private Set<JudgeStage.Part> namedStages() {
        String named = configuration.text(Key.JUDGE_STAGES);
        if (named.isEmpty() && readPrefix().isPresent()) {
            return Set.of(JudgeStage.Part.PREFERENCES);
        }
        if (named.isEmpty()) {
            return derives()
                    ? Set.of(JudgeStage.Part.values())
                    : Set.of(JudgeStage.Part.PAIRING, JudgeStage.Part.JUDGING);
        }
        Set<JudgeStage.Part> stages = EnumSet.noneOf(JudgeStage.Part.class);
        for (String part : named.split(",", -1)) {
            stages.add(
                    Arrays.stream(JudgeStage.Part.values())
                            .filter(p -> p.name().toLowerCase(Locale.ROOT).equals(part.strip()))
                            .findFirst()
                            .orElseThrow(() ->
                                    configuration.wrong(
                                            Key.JUDGE_STAGES,
                                            "some of pairing, judging and preferences, with commas between")));
        }
        return stages;
    }

    /// Prefix of the judgments that are labelled anew, perhaps none; absent: nothing is.
    Optional<String> readPrefix() {
        String named = configuration.text(Key.LABELS_READ_PREFIX);
        if (named.isEmpty()) {
            return Optional.empty();
        }
        String prefix = named.equals(WITHOUT_PREFIX) ? "" : named;
        if (!Connection.isPrefix(prefix)) {
            throw configuration.wrong(
                    Key.LABELS_READ_PREFIX,
                    "a topic prefix of letters, digits, `_`, `-` and inner dots, or a single dot for topics without a prefix");
        }
        if (prefix.equals(configuration.text(Key.TOPICS_PREFIX))) {
            throw configuration.wrong(
                    Key.LABELS_READ_PREFIX,
                    "another prefix than topics.prefix: labelled anew in their own place, judgments would have two preferences each");
        }
        return Optional.of(prefix);
    }
}

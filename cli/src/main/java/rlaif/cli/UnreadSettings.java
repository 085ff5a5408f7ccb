package rlaif.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.Key;

/// The settings that somebody has chosen and that nobody reads beside the others: one file may
/// serve several algorithms and judges, as long as it is said what one run makes of it.
record UnreadSettings(Configuration configuration) {
    private static final String DPO = "dpo.";
    private static final String PPO = "ppo.";
    private static final String REWARD_MODEL = "rewardModel.";
    private static final Set<Key> OF_THE_VALUE_MODEL =
            Set.of(Key.PPO_VALUE_LEARNING_RATE, Key.PPO_VALUE_CLIP_RANGE, Key.PPO_LAMBDA);

    /// The trainers that a loop which only labels leaves out.
    private static final Set<String> OF_THE_POLICY =
            Set.of(Roles.TRAIN_REWARD_MODEL, Roles.TRAIN_PPO);

    private static final String LOCAL = "judge.local.";
    private static final String COMPUTED = "judge.computed.";

    /// Read where a judge compares two completions, and not where it scores one.
    private static final Set<Key> OF_COMPARING =
            Set.of(
                    Key.JUDGE_TEMPLATE,
                    Key.JUDGE_RATIONALE_TOKENS,
                    Key.JUDGE_ABSTAIN_ON_DISAGREEMENT,
                    Key.JUDGE_SECOND_ORDER,
                    Key.JUDGE_SECOND_ORDER_THRESHOLD,
                    Key.JUDGE_AUDIT_SHARE,
                    Key.JUDGE_SELF_CONSISTENCY,
                    Key.JUDGE_CACHE_ENTRIES,
                    Key.JUDGE_CANARY_SHARE,
                    Key.JUDGE_CANARY_LIMIT,
                    Key.JUDGE_STAGES);

    private static final Set<Key> OF_AN_ENDPOINT =
            Set.of(
                    Key.JUDGE_URL,
                    Key.JUDGE_API,
                    Key.JUDGE_READING,
                    Key.JUDGE_SAMPLES,
                    Key.JUDGE_SAMPLE_TEMPERATURE,
                    Key.JUDGE_RATIONALE_TOKENS,
                    Key.JUDGE_API_KEY_ENV);

    /// Read for an endpoint, and for the reviser's even where the judge is none.
    private static final Set<Key> OF_ANY_ENDPOINT =
            Set.of(Key.JUDGE_LABELER, Key.JUDGE_DEADLINE_SECONDS, Key.JUDGE_PROBE_SECONDS);

    private static final Set<Key> OF_LENGTH = Set.of(Key.JUDGE_COMPUTED_LENGTH);
    private static final Set<Key> OF_REGEX =
            Set.of(
                    Key.JUDGE_COMPUTED_REGEX,
                    Key.JUDGE_COMPUTED_REGEX_WANTED,
                    Key.JUDGE_COMPUTED_DEADLINE_SECONDS);
    private static final Set<Key> OF_COMMAND =
            Set.of(
                    Key.JUDGE_COMPUTED_COMMAND,
                    Key.JUDGE_COMPUTED_MAX_PROCESSES,
                    Key.JUDGE_COMPUTED_DEADLINE_SECONDS);

    /// The trainers', one line for each setting that decides it; none where everything chosen is
    /// read.
    ///
    /// @param roles that are started: a trainer that is asked for by name trains whatever the loop
    ///   as a whole is
    List<String> lines(Collection<String> roles) {
        List<String> lines = new ArrayList<>();
        if (!configuration.text(Key.POLICY_MODEL).equals(Worlds.WORLD)
                && configuration.given(Key.SFT_DEMONSTRATIONS).isEmpty()) {
            add(
                    Key.SFT_DEMONSTRATIONS,
                    key -> isBelow("sft.", key) && key != Key.SFT_DEMONSTRATIONS,
                    lines);
        }
        if (!configuration.flag(Key.SL_CAI_ENABLED)) {
            add(
                    Key.SL_CAI_ENABLED,
                    key -> isBelow("slCai.", key) && key != Key.SL_CAI_ENABLED,
                    lines);
        }
        addOfPolicy(roles, lines);
        if (configuration.whole(Key.LORA_RANK, 0) == 0) {
            add(Key.LORA_RANK, Set.of(Key.LORA_ALPHA, Key.LORA_TARGETS)::contains, lines);
        }
        if (configuration.whole(Key.RETENTION_KEEP_BEST, 0) == 0) {
            add(Key.RETENTION_KEEP_BEST, Key.RETENTION_METRIC::equals, lines);
        }
        return lines;
    }

    private void addOfPolicy(Collection<String> roles, List<String> lines) {
        TrainerSettings trainers = new TrainerSettings(configuration);
        if (trainers.learnsFromLabels()) {
            add(
                    Key.TRAIN_ALGORITHM,
                    key ->
                            (isBelow(PPO, key) && key != Key.PPO_VERSIONS)
                                    || isBelow(REWARD_MODEL, key),
                    lines);
            return;
        }
        if (!trainers.trainsPolicy() && Collections.disjoint(roles, OF_THE_POLICY)) {
            add(
                    Key.REWARD_MODEL_ENABLED,
                    key ->
                            key == Key.TRAIN_ALGORITHM
                                    || isBelow(PPO, key)
                                    || isBelow(DPO, key)
                                    || (isBelow(REWARD_MODEL, key)
                                            && key != Key.REWARD_MODEL_ENABLED),
                    lines);
            return;
        }
        boolean hasCritic = trainers.algorithm().hasCritic();
        add(
                Key.TRAIN_ALGORITHM,
                key -> isBelow(DPO, key) || (OF_THE_VALUE_MODEL.contains(key) && !hasCritic),
                lines);
        if (configuration.text(Key.PPO_KL_CONTROLLER).equals("fixed")) {
            add(
                    Key.PPO_KL_CONTROLLER,
                    Set.of(Key.PPO_KL_TARGET, Key.PPO_KL_HORIZON)::contains,
                    lines);
        }
        if (trainers.scoresDirectly()) {
            add(Key.SCORE_BY, key -> isBelow(REWARD_MODEL, key), lines);
        }
    }

    /// The same of a judge that scores, and labels nothing.
    List<String> ofDirectScoring() {
        List<String> lines = new ArrayList<>();
        add(
                Key.SCORE_BY,
                key ->
                        isBelow("labels.", key)
                                || isBelow("labelStats.", key)
                                || isBelow("pairing.", key)
                                || OF_COMPARING.contains(key),
                lines);
        return lines;
    }

    /// The same of a judge, by its kind.
    List<String> ofJudge() {
        List<String> lines = new ArrayList<>();
        switch (configuration.text(Key.JUDGE_KIND)) {
            case "http" ->
                    add(
                            Key.JUDGE_KIND,
                            key -> isBelow(LOCAL, key) || isBelow(COMPUTED, key),
                            lines);
            case "local" ->
                    add(Key.JUDGE_KIND, key -> isBelow(COMPUTED, key) || isOfEndpoint(key), lines);
            case "computed" -> {
                add(
                        Key.JUDGE_KIND,
                        key ->
                                isBelow(LOCAL, key)
                                        || isOfEndpoint(key)
                                        || key == Key.JUDGE_TEMPLATE
                                        || key == Key.JUDGE_SCORE_TEMPLATE
                                        || (key == Key.JUDGE_MODEL && !revises()),
                        lines);
                addOfFeedback(lines);
            }
            default -> {} // refused by whoever opens the judge
        }
        if (configuration.text(Key.JUDGE_SECOND_ORDER).equals("always")) {
            add(
                    Key.JUDGE_SECOND_ORDER,
                    Set.of(Key.JUDGE_SECOND_ORDER_THRESHOLD, Key.JUDGE_AUDIT_SHARE)::contains,
                    lines);
        }
        return lines;
    }

    private boolean isOfEndpoint(Key key) {
        return OF_AN_ENDPOINT.contains(key) || (OF_ANY_ENDPOINT.contains(key) && !revises());
    }

    private boolean revises() {
        return configuration.flag(Key.SL_CAI_ENABLED);
    }

    private void addOfFeedback(List<String> lines) {
        Set<Key> read =
                switch (configuration.text(Key.JUDGE_COMPUTED_FEEDBACK)) {
                    case "length" -> OF_LENGTH;
                    case "regex" -> OF_REGEX;
                    default -> OF_COMMAND;
                };
        add(
                Key.JUDGE_COMPUTED_FEEDBACK,
                key ->
                        !read.contains(key)
                                && (OF_LENGTH.contains(key)
                                        || OF_REGEX.contains(key)
                                        || OF_COMMAND.contains(key)),
                lines);
    }

    private void add(Key decisive, Predicate<Key> unread, List<String> lines) {
        List<String> chosen =
                Arrays.stream(Key.values())
                        .filter(unread)
                        .filter(configuration::isChosen)
                        .map(Key::key)
                        .toList();
        if (!chosen.isEmpty()) {
            lines.add(
                    "%s: %s does not read %s"
                            .formatted(
                                    decisive.key(),
                                    configuration.given(decisive).orElse("(empty)"),
                                    String.join(", ", chosen)));
        }
    }

    private static boolean isBelow(String section, Key key) {
        return key.key().startsWith(section);
    }
}

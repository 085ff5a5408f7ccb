package rlaif.trainers;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import rlaif.events.FinishReason;
import rlaif.events.ScoredRollout;
import rlaif.events.VersionRange;
import rlaif.topics.Codec;
import rlaif.trainers.loop.Admission;
import rlaif.trainers.loop.Intake;
import rlaif.trainers.loop.Refusal;
import rlaif.trainers.ppo.ScoredSequence;

/// What PPO takes from `scored-rollouts`: rollouts of its policy, scored by the one scorer it
/// names, sampled over the whole vocabulary, and not too stale; RLOO and GRPO, of a named group.
final class ScoredRolloutIntake implements Intake<ScoredRollout, AcceptedRollout> {
    /// Reason under which rollouts are counted whose oldest token is too many versions old.
    static final String STALE = "STALE";

    /// Reason under which rollouts are counted that a version sampled which was rolled back.
    static final String ABANDONED = "ABANDONED";

    static final String OTHER_POLICY = "OTHER_POLICY";
    static final String OTHER_SCORER = "OTHER_SCORER";
    static final String MISSING_SCORE = "MISSING_SCORE";
    static final String LOGPROBS_LENGTH = "LOGPROBS_LENGTH";
    static final String NOT_FULL_VOCABULARY = "NOT_FULL_VOCABULARY";
    static final String OTHER_TEMPERATURE = "OTHER_TEMPERATURE";
    static final String MISSING_VERSIONS = "MISSING_VERSIONS";
    static final String FROM_THE_FUTURE = "FROM_THE_FUTURE";
    static final String MISSING_FINISH_REASON = "MISSING_FINISH_REASON";
    static final String MISSING_GROUP = "MISSING_GROUP";
    static final String OUT_OF_RANGE = "OUT_OF_RANGE";

    /// Scores beyond it on either side are no scores: normalised ones lie near 0.
    private static final double MOST_SCORE = 1e6;

    /// Nobody samples a token that is less likely than e to this.
    private static final float LEAST_LOGPROB = -1e4f;

    private final Codec<ScoredRollout> codec;
    private final TokenCheck tokens;
    private final PpoTrainer.Settings settings;
    private final LongSupplier policyVersion;
    private final Set<Long> abandoned;

    /// @param policyVersion version that the next step trains
    /// @param abandoned versions that a rollback has left behind
    ScoredRolloutIntake(
            Codec<ScoredRollout> codec,
            TokenCheck tokens,
            PpoTrainer.Settings settings,
            LongSupplier policyVersion,
            Set<Long> abandoned) {
        this.codec = codec;
        this.tokens = tokens;
        this.settings = settings;
        this.policyVersion = policyVersion;
        this.abandoned = abandoned;
    }

    @Override
    public ScoredRollout read(byte[] value) {
        return codec.decode(value);
    }

    @Override
    public Optional<Group> group(ScoredRollout rollout) {
        return rollout.getGroupId().isEmpty() || rollout.getGroupSize() < 1
                ? Optional.empty()
                : Optional.of(new Group(rollout.getGroupId(), rollout.getGroupSize()));
    }

    @Override
    public Admission<AcceptedRollout> admit(ScoredRollout rollout) {
        Optional<Refusal> refusal = refusal(rollout);
        if (refusal.isPresent()) {
            return new Admission.Refused<>(refusal.get());
        }
        if (rollout.getPolicyVersions().stream()
                .anyMatch(range -> abandoned.contains(range.getVersion()))) {
            return new Admission.Dropped<>(ABANDONED);
        }
        long oldest = oldestVersion(rollout).orElseThrow();
        if (policyVersion.getAsLong() - oldest > settings.maxStaleness()) {
            return new Admission.Dropped<>(STALE);
        }
        try {
            return new Admission.Accepted<>(
                    new AcceptedRollout(
                            sequence(rollout, oldest),
                            newestVersion(rollout),
                            rollout.getGroupId(),
                            rollout.getScorerVersion()));
        } catch (IllegalArgumentException e) {
            return new Admission.Refused<>(
                    new Refusal(OUT_OF_RANGE, String.valueOf(e.getMessage())));
        }
    }

    private static ScoredSequence sequence(ScoredRollout rollout, long oldest) {
        float[] behaviourLogprobs = new float[rollout.getBehaviourLogprobs().size()];
        for (int i = 0; i < behaviourLogprobs.length; i++) {
            behaviourLogprobs[i] = rollout.getBehaviourLogprobs().get(i);
        }
        return new ScoredSequence(
                TokenCheck.array(rollout.getPromptTokens()),
                TokenCheck.array(rollout.getCompletionTokens()),
                behaviourLogprobs,
                rollout.getScore(),
                rollout.getFinishReason() == FinishReason.EOS,
                oldest,
                rollout.getGroupId() + " scored by " + rollout.getScorerVersion());
    }

    private Optional<Refusal> refusal(ScoredRollout rollout) {
        if (!rollout.getPolicy().equals(settings.policy())) {
            return refuse(OTHER_POLICY, "sampled by policy " + rollout.getPolicy());
        }
        if (!rollout.getScorer().equals(settings.scorer())) {
            return refuse(
                    OTHER_SCORER,
                    "scored by %s, PPO learns from %s"
                            .formatted(rollout.getScorer(), settings.scorer()));
        }
        return tokens.refusal(
                        rollout.getTokenizerDigest(),
                        rollout.getPromptTokens(),
                        rollout.getCompletionTokens())
                .or(() -> measurementRefusal(rollout))
                .or(() -> samplingRefusal(rollout))
                .or(() -> versionRefusal(rollout))
                .or(() -> groupRefusal(rollout));
    }

    private static Optional<Refusal> measurementRefusal(ScoredRollout rollout) {
        if (rollout.getScore() == null) {
            return refuse(MISSING_SCORE, "score is null");
        }
        if (rollout.getBehaviourLogprobs().size() != rollout.getCompletionTokens().size()) {
            return refuse(
                    LOGPROBS_LENGTH,
                    "%d logprobs for %d tokens"
                            .formatted(
                                    rollout.getBehaviourLogprobs().size(),
                                    rollout.getCompletionTokens().size()));
        }
        if (!(Math.abs(rollout.getScore()) <= MOST_SCORE)) {
            return refuse(
                    OUT_OF_RANGE,
                    "score %s, not between %s and %s"
                            .formatted(rollout.getScore(), -MOST_SCORE, MOST_SCORE));
        }
        for (float logprob : rollout.getBehaviourLogprobs()) {
            if (!(logprob <= 0 && logprob >= LEAST_LOGPROB)) {
                return refuse(
                        OUT_OF_RANGE,
                        "a behaviour logprob of %s, not between %s and 0"
                                .formatted(logprob, LEAST_LOGPROB));
            }
        }
        return switch (rollout.getFinishReason()) {
            case EOS, LENGTH -> Optional.empty();
            case UNKNOWN -> refuse(MISSING_FINISH_REASON, "finishReason is UNKNOWN");
        };
    }

    /// Truncated sampling gives logprobs that cannot be compared with the policy's (design of PPO:
    /// top-k off, top-p 1).
    private Optional<Refusal> samplingRefusal(ScoredRollout rollout) {
        Double topP = rollout.getTopP();
        Integer topK = rollout.getTopK();
        if (topP == null || topP != 1 || topK == null || topK != 0) {
            return refuse(
                    NOT_FULL_VOCABULARY,
                    "sampled with topP %s and topK %s; PPO needs 1 and 0".formatted(topP, topK));
        }
        Double temperature = rollout.getTemperature();
        if (temperature == null || temperature != settings.ppo().temperature()) {
            return refuse(
                    OTHER_TEMPERATURE,
                    "sampled at temperature %s, PPO divides logits by %s"
                            .formatted(temperature, settings.ppo().temperature()));
        }
        return Optional.empty();
    }

    private Optional<Refusal> versionRefusal(ScoredRollout rollout) {
        List<VersionRange> ranges = rollout.getPolicyVersions();
        if (!cover(ranges, rollout.getCompletionTokens().size())) {
            return refuse(MISSING_VERSIONS, "policyVersions does not say who sampled each token");
        }
        long newest = newestVersion(rollout);
        return newest > policyVersion.getAsLong()
                ? refuse(
                        FROM_THE_FUTURE,
                        "sampled by version %d, the newest announced is %d"
                                .formatted(newest, policyVersion.getAsLong()))
                : Optional.empty();
    }

    /// Without a name for each group, rollouts of different prompts would be compared.
    private Optional<Refusal> groupRefusal(ScoredRollout rollout) {
        if (settings.algorithm().hasCritic()
                || (!rollout.getGroupId().isEmpty() && rollout.getGroupSize() > 1)) {
            return Optional.empty();
        }
        return refuse(
                MISSING_GROUP,
                "%s compares the rollouts of a group: groupId must name it and groupSize be at least 2, got '%s' and %d"
                        .formatted(
                                settings.algorithm(),
                                rollout.getGroupId(),
                                rollout.getGroupSize()));
    }

    /// Whether ranges of known versions follow each other from the first token to the last.
    private static boolean cover(List<VersionRange> ranges, int tokens) {
        int next = 0;
        for (VersionRange range : ranges) {
            if (range.getVersion() < 0 || range.getFrom() != next || range.getTo() <= next) {
                return false;
            }
            next = range.getTo();
        }
        return next == tokens;
    }

    private static long newestVersion(ScoredRollout rollout) {
        return rollout.getPolicyVersions().stream()
                .mapToLong(VersionRange::getVersion)
                .max()
                .orElseThrow();
    }

    private static OptionalLong oldestVersion(ScoredRollout rollout) {
        return rollout.getPolicyVersions().stream().mapToLong(VersionRange::getVersion).min();
    }

    private static Optional<Refusal> refuse(String code, String cause) {
        return Optional.of(new Refusal(code, cause));
    }
}

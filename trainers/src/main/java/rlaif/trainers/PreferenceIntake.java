package rlaif.trainers;

import java.util.Optional;
import java.util.stream.Stream;
import rlaif.events.Candidate;
import rlaif.events.Preference;
import rlaif.events.PreferenceSource;
import rlaif.topics.Codec;
import rlaif.trainers.loop.Admission;
import rlaif.trainers.loop.Intake;
import rlaif.trainers.loop.Refusal;
import rlaif.trainers.reward.LabelledPair;

/// What the reward model takes from `preferences`: those of its policy with tokens and a soft
/// label, apart from held-out prompts; not those that a later preference took the place of.
final class PreferenceIntake implements Intake<Preference, AcceptedPreference> {
    static final String OTHER_POLICY = "OTHER_POLICY";
    static final String MISSING_LABEL = "MISSING_LABEL";

    /// Reason under which preferences without a label are counted that take another one back.
    static final String WITHDRAWN = "WITHDRAWN";

    private final Codec<Preference> codec;
    private final TokenCheck tokens;
    private final String policy;
    private final long referenceVersion;
    private final HoldOut holdOut;

    PreferenceIntake(
            Codec<Preference> codec,
            TokenCheck tokens,
            String policy,
            long referenceVersion,
            HoldOut holdOut) {
        this.codec = codec;
        this.tokens = tokens;
        this.policy = policy;
        this.referenceVersion = referenceVersion;
        this.holdOut = holdOut;
    }

    @Override
    public Preference read(byte[] value) {
        return codec.decode(value);
    }

    @Override
    public Optional<Group> group(Preference preference) {
        return Optional.empty();
    }

    @Override
    public Optional<Succession> succession(Preference preference) {
        String supersedes = preference.getSupersedes();
        return Optional.of(
                new Succession(preference.getId(), supersedes == null ? "" : supersedes));
    }

    @Override
    public Admission<AcceptedPreference> admit(Preference preference) {
        if (preference.getPolicy().equals(policy)
                && preference.getSupersedes() != null
                && preference.getFirstProbability() == null) {
            return new Admission.Dropped<>(WITHDRAWN);
        }
        Optional<Refusal> refusal = refusal(preference);
        if (refusal.isPresent()) {
            return new Admission.Refused<>(refusal.get());
        }
        AcceptedPreference accepted =
                new AcceptedPreference(
                        new LabelledPair(
                                TokenCheck.array(preference.getPromptTokens()),
                                TokenCheck.array(preference.getFirst().getCompletionTokens()),
                                TokenCheck.array(preference.getSecond().getCompletionTokens()),
                                preference.getFirstProbability()),
                        ofReference(preference),
                        preference.getSource() == PreferenceSource.HUMAN);
        return holdOut.holds(preference.getPrompt())
                ? new Admission.HeldOut<>(accepted)
                : new Admission.Accepted<>(accepted);
    }

    private Optional<Refusal> refusal(Preference preference) {
        if (!preference.getPolicy().equals(policy)) {
            return Optional.of(
                    new Refusal(
                            OTHER_POLICY,
                            "its completions were sampled by policy " + preference.getPolicy()));
        }
        Double p = preference.getFirstProbability();
        if (p == null || !(p >= 0 && p <= 1)) {
            return Optional.of(new Refusal(MISSING_LABEL, "firstProbability is " + p));
        }
        return refusal(preference, preference.getFirst())
                .or(() -> refusal(preference, preference.getSecond()));
    }

    private Optional<Refusal> refusal(Preference preference, Candidate candidate) {
        return tokens.refusal(
                preference.getTokenizerDigest(),
                preference.getPromptTokens(),
                candidate.getCompletionTokens());
    }

    private boolean ofReference(Preference preference) {
        return Stream.of(preference.getFirst(), preference.getSecond())
                .flatMap(candidate -> candidate.getPolicyVersions().stream())
                .allMatch(range -> range.getVersion() == referenceVersion);
    }
}

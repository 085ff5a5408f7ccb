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
/// label, apart from held-out prompts.
final class PreferenceIntake implements Intake<Preference, AcceptedPreference> {
    static final String OTHER_POLICY = "OTHER_POLICY";
    static final String MISSING_LABEL = "MISSING_LABEL";

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
    public Admission<AcceptedPreference> admit(Preference preference) {
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

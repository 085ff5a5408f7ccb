package rlaif.trainers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import rlaif.events.Revision;
import rlaif.events.RevisionRound;
import rlaif.models.Tokenizer;
import rlaif.topics.Codec;
import rlaif.trainers.loop.Admission;
import rlaif.trainers.loop.Intake;
import rlaif.trainers.loop.Refusal;
import rlaif.trainers.sft.SupervisedExample;

/// What SFT takes from `revisions`: the revised completions of its policy, in words that its
/// tokenizer knows. Critiques are passed over.
///
/// @param endTokenId put behind every revision
record RevisionIntake(
        Codec<Revision> codec,
        Tokenizer tokenizer,
        TokenCheck tokens,
        int endTokenId,
        String policy,
        TrainedRounds rounds)
        implements Intake<Revision, AcceptedRevision> {
    static final String OTHER_POLICY = "OTHER_POLICY";
    static final String MISSING_ROUNDS = "MISSING_ROUNDS";
    static final String UNKNOWN_WORD = "UNKNOWN_WORD";
    static final String SPECIAL_TOKEN = "SPECIAL_TOKEN";

    @Override
    public Revision read(byte[] value) {
        return codec.decode(value);
    }

    @Override
    public Optional<Group> group(Revision revision) {
        return Optional.empty();
    }

    @Override
    public Admission<AcceptedRevision> admit(Revision revision) {
        if (!revision.getPolicy().equals(policy)) {
            return refused(
                    OTHER_POLICY, "its completion was sampled by policy " + revision.getPolicy());
        }
        if (revision.getRounds().isEmpty()) {
            return refused(MISSING_ROUNDS, "it has no round");
        }
        List<SupervisedExample> examples = new ArrayList<>();
        for (RevisionRound round : rounds.of(revision.getRounds())) {
            int[] completion = tokenizer.encode(text(revision, round));
            Optional<Refusal> refusal = refusal(revision, round, completion);
            if (refusal.isPresent()) {
                return new Admission.Refused<>(refusal.get());
            }
            examples.add(
                    new SupervisedExample(
                            TokenCheck.array(revision.getPromptTokens()),
                            DemonstrationTokens.ended(completion, endTokenId)));
        }
        return new Admission.Accepted<>(new AcceptedRevision(examples));
    }

    /// The revision after the space, if any, with which the policy itself began its completion.
    private static String text(Revision revision, RevisionRound round) {
        String initial = revision.getInitial().getCompletion();
        int space = 0;
        while (space < initial.length() && Character.isWhitespace(initial.charAt(space))) {
            space++;
        }
        return initial.substring(0, space) + round.getRevision().strip();
    }

    private Optional<Refusal> refusal(Revision revision, RevisionRound round, int[] completion) {
        if (completion.length == 0) {
            return Optional.of(
                    new Refusal(
                            TokenCheck.MISSING_TOKENS,
                            "the revision of round %d is empty".formatted(round.getRound())));
        }
        for (int token : completion) {
            if (tokenizer.isUnknown(token)) {
                return Optional.of(
                        new Refusal(
                                UNKNOWN_WORD,
                                "the revision of round %d has words that the policy's tokenizer does not know"
                                        .formatted(round.getRound())));
            }
            if (tokenizer.isSpecial(token)) {
                return Optional.of(
                        new Refusal(
                                SPECIAL_TOKEN,
                                "the revision of round %d spells out the special token %d"
                                        .formatted(round.getRound(), token)));
            }
        }
        return tokens.refusal(
                revision.getTokenizerDigest(),
                revision.getPromptTokens(),
                Arrays.stream(DemonstrationTokens.ended(completion, endTokenId)).boxed().toList());
    }

    private static Admission<AcceptedRevision> refused(String code, String cause) {
        return new Admission.Refused<>(new Refusal(code, cause));
    }
}

package rlaif.processors;

import rlaif.judging.JudgedPair;

/// Why a record becomes a dead letter: a code for machines, a message for people.
final class RefusedRecordException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// A field has a value that its documentation rules out.
    static final String INVALID = "INVALID";

    /// The rollouts of a group contradict each other.
    static final String GROUP_INCONSISTENT = "GROUP_INCONSISTENT";

    /// Some rollouts of the group never came.
    static final String GROUP_INCOMPLETE = "GROUP_INCOMPLETE";

    /// The judge did not answer, retries included, though it answered others.
    static final String JUDGE_UNAVAILABLE = "JUDGE_UNAVAILABLE";

    /// The judge answers others, but this record took longer than an item may take.
    static final String DEADLINE = "DEADLINE";

    /// The judge will not answer, however often it is asked.
    static final String JUDGE_REFUSED = "JUDGE_REFUSED";

    /// The reviser did not answer, retries included.
    static final String REVISER_UNAVAILABLE = "REVISER_UNAVAILABLE";

    /// The reviser will not answer, however often it is asked.
    static final String REVISER_REFUSED = "REVISER_REFUSED";

    /// What the reviser wrote is of no use as critique or revision.
    static final String REVISION_UNUSABLE = "REVISION_UNUSABLE";

    /// The constitution that the record was stamped with is no longer on its topic.
    static final String CONSTITUTION_LOST = "CONSTITUTION_LOST";

    /// The token ids belong to another tokenizer than the reward model's.
    static final String TOKENIZER_MISMATCH = "TOKENIZER_MISMATCH";

    /// The reward model cannot take these tokens.
    static final String NOT_SCORABLE = "NOT_SCORABLE";

    /// Something in this program broke on this record alone.
    static final String INTERNAL = "INTERNAL";

    private final String code;

    RefusedRecordException(String code, String message) {
        super(message);
        this.code = code;
    }

    /// The code of a judge's failure.
    static String codeOf(JudgedPair.Failure failure) {
        return switch (failure) {
            case REFUSED -> JUDGE_REFUSED;
            case UNAVAILABLE -> JUDGE_UNAVAILABLE;
            case DEADLINE -> DEADLINE;
        };
    }

    String code() {
        return code;
    }
}

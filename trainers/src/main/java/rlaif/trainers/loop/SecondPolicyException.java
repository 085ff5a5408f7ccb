package rlaif.trainers.loop;

/// The refusal of a policy whose topics another one uses: trainers and rollout workers of both
/// would go on in the same consumer groups, each from where the other had come.
public final class SecondPolicyException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// @param where the other one has been met, in words
    SecondPolicyException(String policy, String other, String where) {
        super(
                "policy '%s' cannot be trained here: %s policy '%s', and the topics of one prefix serve one policy. Give policy '%s' a topics.prefix of its own"
                        .formatted(policy, where, other, policy));
    }
}

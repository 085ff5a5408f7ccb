package rlaif.producers;

/// When a rollout worker goes over to a newer version of its policy.
public enum PolicySwap {
    /// Before it asks the sampler for the next batch of groups: one version samples a group.
    BETWEEN_GROUPS,

    /// Between two tokens, as soon as the version is loaded: completions may be of several
    /// versions.
    IN_FLIGHT
}

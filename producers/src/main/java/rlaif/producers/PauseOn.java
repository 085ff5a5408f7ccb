package rlaif.producers;

/// A consumer that rollout workers wait for once it is too far behind.
///
/// @param group consumer group, with its prefix
/// @param topic topic that it reads, with its prefix
/// @param limit records that may wait for it
/// @param recordsPerPrompt records that one prompt adds to the topic, at most
/// @param onlyWithRewardModel whether the group consumes nothing before a reward model is
///   announced, so that it cannot be waited for
/// @param atWork whether somebody is known to read for the group, so that it is waited for from the
///   first record on; otherwise from its first commit on
public record PauseOn(
        String group,
        String topic,
        long limit,
        int recordsPerPrompt,
        boolean onlyWithRewardModel,
        boolean atWork) {
    public PauseOn {
        if (group.isBlank() || topic.isBlank()) {
            throw new IllegalArgumentException(
                    "a group and a topic to pause on must be named, got '%s' on '%s'"
                            .formatted(group, topic));
        }
        if (recordsPerPrompt < 1) {
            throw new IllegalArgumentException(
                    "recordsPerPrompt of %s on %s must be at least 1, is %d"
                            .formatted(group, topic, recordsPerPrompt));
        }
    }

    /// Refuses a limit at which no batch could ever be sampled.
    void requireRoomFor(int prompts) {
        long added = added(prompts);
        if (limit < 2 * added) {
            long fitting = limit / (2L * recordsPerPrompt);
            throw new IllegalArgumentException(
                    "rollouts.pauseOn: %s on %s: the limit %d is below twice the %d records that one batch of %d prompts adds; %sraise it"
                            .formatted(
                                    group,
                                    topic,
                                    limit,
                                    added,
                                    prompts,
                                    fitting == 0
                                            ? ""
                                            : "set rollouts.promptsPerBatch to "
                                                    + fitting
                                                    + " or less, or "));
        }
    }

    long added(int prompts) {
        return (long) prompts * recordsPerPrompt;
    }
}

package rlaif.processors;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import rlaif.events.Rollout;

/// All rollouts of one prompt, by index.
record RolloutGroup(String id, List<WaitingRollout> members) {
    RolloutGroup {
        members =
                members.stream()
                        .sorted(Comparator.comparingInt(m -> m.rollout().getIndex()))
                        .toList();
    }

    boolean isComplete() {
        return members.size() >= members.getFirst().rollout().getGroupSize();
    }

    List<Rollout> rollouts() {
        return members.stream().map(WaitingRollout::rollout).toList();
    }

    /// Bytes of its records.
    long bytes() {
        return members.stream().mapToLong(member -> member.source().size()).sum();
    }

    /// Refuses a group whose rollouts contradict each other.
    void requireConsistent() {
        Rollout first = members.getFirst().rollout();
        for (int i = 0; i < members.size(); i++) {
            Rollout rollout = members.get(i).rollout();
            require(rollout.getIndex() == i, "indices are not 0 to " + (members.size() - 1));
            require(rollout.getGroupSize() == members.size(), "group sizes differ");
            require(rollout.getPromptId().equals(first.getPromptId()), "prompt ids differ");
            require(rollout.getPrompt().equals(first.getPrompt()), "prompts differ");
            require(
                    Objects.equals(rollout.getPromptTokens(), first.getPromptTokens()),
                    "prompt tokens differ");
            require(rollout.getPolicy().equals(first.getPolicy()), "policies differ");
            require(
                    rollout.getTokenizerDigest().equals(first.getTokenizerDigest()),
                    "tokenizers differ");
        }
    }

    /// Why the group is refused where the rest of it has not come.
    RefusedRecordException incomplete(Duration waited) {
        return new RefusedRecordException(
                RefusedRecordException.GROUP_INCOMPLETE,
                "group %s has %d of %d rollouts after %s"
                        .formatted(
                                id,
                                members.size(),
                                members.getFirst().rollout().getGroupSize(),
                                waited));
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new RefusedRecordException(
                    RefusedRecordException.GROUP_INCONSISTENT,
                    "group %s: %s among its %d rollouts".formatted(id, otherwise, members.size()));
        }
    }
}

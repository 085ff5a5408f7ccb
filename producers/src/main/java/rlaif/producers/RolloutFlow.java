package rlaif.producers;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/// The prompts that one worker has drawn and not yet written, poll by poll.
///
/// Groups begin in the order in which they were drawn, as completions that have ended make room;
/// polls leave in that order too, each when all of it is sampled. One poll at most waits for room.
/// Owned by the thread that computes.
final class RolloutFlow {
    private final Deque<RolloutBatch> polls = new ArrayDeque<>();

    /// Whether another poll may come: nothing waits for room.
    boolean wantsMore() {
        return polls.isEmpty() || polls.getLast().hasBegun();
    }

    boolean isEmpty() {
        return polls.isEmpty();
    }

    /// Prompts that are in it.
    int prompts() {
        return polls.stream().mapToInt(RolloutBatch::prompts).sum();
    }

    /// Where they came from.
    Set<TopicPartition> partitions() {
        Set<TopicPartition> partitions = new HashSet<>();
        polls.forEach(poll -> partitions.addAll(poll.partitions()));
        return partitions;
    }

    void add(RolloutBatch poll) {
        polls.addLast(poll);
    }

    /// Begins what has room.
    void begin(ServedPolicy policy) {
        polls.forEach(poll -> poll.begin(policy));
    }

    /// Draws one token of everything that has begun.
    void step(ServedPolicy policy, ServedPolicy.Arrivals arrivals) {
        policy.step(arrivals);
        polls.forEach(poll -> poll.collect(policy.versions(), policy.version().tokenizer()));
    }

    /// The first poll, once all of it is sampled; it stays until {@link #leave}.
    Optional<RolloutBatch> whole() {
        return Optional.ofNullable(polls.peekFirst()).filter(RolloutBatch::isWhole);
    }

    /// Lets the first poll go.
    void leave() {
        polls.removeFirst();
    }

    /// Gives everything up.
    void clear() {
        polls.clear();
    }
}

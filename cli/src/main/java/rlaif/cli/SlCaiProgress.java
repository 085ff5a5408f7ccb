package rlaif.cli;

import java.util.Map;
import rlaif.trainers.RevisionTrainer;

/// How far SFT on revisions has come, as its training thread tells and others read.
final class SlCaiProgress implements RevisionTrainer.Progress {
    private volatile long revisions;
    private volatile long awaited = 1;
    private volatile Map<String, Long> leftOut = Map.of();

    @Override
    public void stepped(long revisions, long all, double loss) {
        this.revisions = revisions;
    }

    @Override
    public void leavesOut(Map<String, Long> revisions) {
        leftOut = Map.copyOf(revisions);
    }

    @Override
    public void awaits(long revisions) {
        awaited = revisions;
    }

    /// Trained on so far.
    long revisions() {
        return revisions;
    }

    /// Revisions that the next version needs beyond those of the last; 1, so that any is waited
    /// for, until the trainer has begun.
    long awaited() {
        return awaited;
    }

    /// Revisions read by this run that cannot be trained on, by code.
    Map<String, Long> leftOut() {
        return leftOut;
    }

    /// Those among them that are no dead letters yet, which they become with the next version.
    ///
    /// @param deadLetters of revisions, by this and earlier runs
    long notYetRefused(long deadLetters) {
        long all = leftOut.values().stream().mapToLong(Long::longValue).sum();
        return Math.max(0, all - deadLetters);
    }
}

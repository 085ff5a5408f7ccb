package rlaif.cli;

import java.util.Map;
import java.util.function.Consumer;
import rlaif.trainers.RevisionTrainer;

/// How far SFT on revisions has come, as its training thread tells and others read.
final class SlCaiProgress implements RevisionTrainer.Progress {
    private final Consumer<String> lines;
    private volatile long revisions;
    private volatile long awaited = 1;
    private volatile LeftOut leftOut = new LeftOut(Map.of(), 0);

    /// @param lines what is told at its start
    SlCaiProgress(Consumer<String> lines) {
        this.lines = lines;
    }

    /// Revisions read by this run that cannot be trained on.
    ///
    /// @param byCode all of them
    /// @param noLettersYet how many of these are no dead letters yet, which they become with the
    ///   next version at the latest
    record LeftOut(Map<String, Long> byCode, long noLettersYet) {
        LeftOut {
            byCode = Map.copyOf(byCode);
        }
    }

    @Override
    public void stepped(long revisions, long all, double loss) {
        this.revisions = revisions;
    }

    @Override
    public void leavesOut(Map<String, Long> revisions, long noLettersYet) {
        leftOut = new LeftOut(revisions, noLettersYet);
    }

    @Override
    public void awaits(long revisions) {
        awaited = revisions;
    }

    @Override
    public void hasEndedShort(String line) {
        lines.accept(line);
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

    LeftOut leftOut() {
        return leftOut;
    }
}

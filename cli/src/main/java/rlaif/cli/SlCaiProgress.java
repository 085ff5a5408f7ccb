package rlaif.cli;

import rlaif.trainers.RevisionTrainer;

/// How far SFT on revisions has come, as its training thread tells and others read.
final class SlCaiProgress implements RevisionTrainer.Progress {
    private volatile long revisions;
    private volatile long awaited = 1;

    @Override
    public void stepped(long revisions, long all, double loss) {
        this.revisions = revisions;
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
}

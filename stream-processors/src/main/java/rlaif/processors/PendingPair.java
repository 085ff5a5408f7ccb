package rlaif.processors;

import rlaif.events.Pair;

/// A pair whose judgment is outstanding.
record PendingPair(Pair pair, SourceRecord source, Stamp stamp) implements Outstanding.Item {
    @Override
    public String id() {
        return pair.getId();
    }

    @Override
    public long bytes() {
        return source.size();
    }
}

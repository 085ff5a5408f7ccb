package rlaif.processors;

import rlaif.events.Pair;

/// A pair whose judgment is outstanding.
record PendingPair(Pair pair, SourceRecord source, Stamp stamp) {}

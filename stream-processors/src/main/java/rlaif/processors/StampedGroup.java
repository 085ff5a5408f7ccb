package rlaif.processors;

/// A group whose scores are outstanding, with what it is scored by.
record StampedGroup(RolloutGroup group, Stamp stamp) implements Outstanding.Item {
    @Override
    public String id() {
        return group.id();
    }

    @Override
    public int records() {
        return group.members().size();
    }

    @Override
    public long bytes() {
        return group.bytes();
    }
}

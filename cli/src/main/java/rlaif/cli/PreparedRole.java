package rlaif.cli;

/// A role whose settings have all been read: what is left is to start it.
@FunctionalInterface
interface PreparedRole {
    void startIn(Session session);
}

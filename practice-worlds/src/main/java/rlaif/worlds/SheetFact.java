package rlaif.worlds;

/// Something that can be said about a subject: a kind of fact and its value.
record SheetFact(String kind, String value) {}

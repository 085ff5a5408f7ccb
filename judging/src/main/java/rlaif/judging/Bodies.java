package rlaif.judging;

/// One request to a judge and what came back for it.
///
/// @param request body that was sent
/// @param reply body that came back, without the key: its start alone where the status was not 200;
///   empty: none did
public record Bodies(String request, String reply) {}

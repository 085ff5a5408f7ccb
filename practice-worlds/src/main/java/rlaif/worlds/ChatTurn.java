package rlaif.worlds;

/// One turn of a conversation with the simulated judge.
///
/// @param role `system`, `user` or `assistant`
record ChatTurn(String role, String text) {
    static final String USER = "user";
    static final String ASSISTANT = "assistant";
}

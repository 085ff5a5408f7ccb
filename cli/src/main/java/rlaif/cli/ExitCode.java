package rlaif.cli;

/// What the process says when it ends.
final class ExitCode {
    static final int OK = 0;
    static final int INTERNAL = 1;
    static final int USAGE = 2;
    static final int CONFIGURATION = 3;
    static final int DEPENDENCY = 4;
    static final int VERIFICATION = 5;
    static final int PARTIAL = 6;
    static final int STOPPED = 143;

    private ExitCode() {}
}

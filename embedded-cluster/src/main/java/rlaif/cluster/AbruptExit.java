package rlaif.cluster;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// The end of this process without the C library's exit handlers: these destroy libtorch's statics,
/// and a thread that still computes with them crashes.
public final class AbruptExit {
    private AbruptExit() {}

    /// Ends the process now.
    @SuppressWarnings("restricted") // native access is allowed where the launcher starts Java
    public static void exit(int code) {
        try {
            Linker linker = Linker.nativeLinker();
            MethodHandle exit =
                    linker.downcallHandle(
                            linker.defaultLookup().findOrThrow("_exit"),
                            FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));
            exit.invokeExact(code);
        } catch (Throwable unavailable) {
            Runtime.getRuntime().halt(code);
        }
    }
}

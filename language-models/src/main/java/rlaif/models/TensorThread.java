package rlaif.models;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;

/// The set-up of a thread that computes with tensors: how many native threads an operation may use,
/// and gradients off.
///
/// Both are properties of the calling thread, and a fresh thread has gradients on and every core.
/// Results are bit-identical for one thread count only. libtorch itself keeps one count for the
/// whole process, which a thread takes over at its first parallel operation, whenever that comes
/// and whoever wrote it last. The native library is unpacked on first use into `DJL_CACHE_DIR`
/// (default `~/.djl.ai`); DJL logs through SLF4J under `ai.djl`.
public final class TensorThread {

    private static final Object THREAD_COUNT = new Object();

    private static volatile TensorDevice device = TensorDevice.CPU;

    static {
        keepOffline();
    }

    private TensorThread() {}

    /// Prepares the calling thread; every thread calls this before its first tensor, and keeps its
    /// count whatever other threads are prepared with.
    ///
    /// @param threads native threads for one operation, 1 or more
    public static void prepare(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException(
                    "tensor threads is " + threads + "; it must be 1 or more");
        }
        engine();
        takeThreads(threads);
        JniUtils.setGradMode(false);
        JniUtils.setGraphExecutorOptimize(false); // a TorchFormula runs as it is written
    }

    /// Asking for the count makes this thread take over the process's one now, under the lock,
    /// instead of at its first operation. A thread that was never prepared can write the process's
    /// count between the first two lines; the last one holds all the same, since by then nothing is
    /// left to take over.
    private static void takeThreads(int threads) {
        synchronized (THREAD_COUNT) {
            JniUtils.setNumThreads(threads);
            JniUtils.getNumThreads();
            JniUtils.setNumThreads(threads);
        }
    }

    /// Chooses where the tensors of every model lie that is opened from now on; the processor at
    /// first.
    ///
    /// @throws IllegalStateException if the device cannot be used, with what is missing
    public static void computeOn(TensorDevice chosen) {
        chosen.missing()
                .ifPresent(missing -> {
                    throw new IllegalStateException(missing);
                });
        device = chosen;
    }

    /// A root of native memory; whoever opens it closes it.
    static NDManager newManager() {
        return engine().newBaseManager(device.device());
    }

    static void keepOffline() {
        setIfAbsent("OPT_OUT_TRACKING", "true");
        setIfAbsent("ai.djl.offline", "true");
    }

    static Engine engine() {
        return Engine.getEngine("PyTorch");
    }

    private static void setIfAbsent(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}

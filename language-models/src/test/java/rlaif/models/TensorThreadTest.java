package rlaif.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.Utils;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TensorThreadTest {

    /// Loading the engine makes the loading thread take over a count; no test rests on being that
    /// thread.
    @BeforeAll
    static void loadTheEngine() {
        TensorThread.engine();
    }

    @Test
    void gradientsAreOffAndThreadsAreSet() {
        TensorThread.prepare(1);
        assertThat(JniUtils.isGradMode()).isFalse();
        assertThat(JniUtils.getNumThreads()).isEqualTo(1);
        TensorThread.prepare(2);
        assertThat(JniUtils.getNumThreads()).isEqualTo(2);
    }

    @Test
    void aThreadKeepsItsCountThoughAnotherIsPreparedBeforeItsFirstOperation() {
        try (ExecutorService two = Executors.newSingleThreadExecutor();
                ExecutorService one = Executors.newSingleThreadExecutor()) {
            done(two.submit(() -> TensorThread.prepare(2)));
            done(one.submit(() -> TensorThread.prepare(1)));
            assertThat(done(two.submit(TensorThreadTest::threadsAfterAnOperation))).isEqualTo(2);
            assertThat(done(one.submit(TensorThreadTest::threadsAfterAnOperation))).isEqualTo(1);
        }
    }

    @Test
    void aThreadChangesItsCountThoughAnotherComputes() {
        try (ExecutorService changed = Executors.newSingleThreadExecutor();
                ExecutorService other = Executors.newSingleThreadExecutor()) {
            done(changed.submit(() -> TensorThread.prepare(1)));
            done(changed.submit(TensorThreadTest::threadsAfterAnOperation));
            done(changed.submit(() -> TensorThread.prepare(2)));
            done(other.submit(() -> TensorThread.prepare(1)));
            assertThat(done(other.submit(TensorThreadTest::threadsAfterAnOperation))).isEqualTo(1);
            assertThat(done(changed.submit(TensorThreadTest::threadsAfterAnOperation)))
                    .isEqualTo(2);
        }
    }

    /// Multiplies first: that is when libtorch makes up its mind.
    private static int threadsAfterAnOperation() {
        try (NDManager manager = TensorThread.newManager()) {
            NDArray matrix = manager.ones(new Shape(64, 64));
            matrix.matMul(matrix).toFloatArray();
        }
        return JniUtils.getNumThreads();
    }

    private static <T> T done(Future<T> work) {
        try {
            return work.get(1, TimeUnit.MINUTES);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void gradientModeComesBackAsItWas() {
        TensorThread.prepare(1);
        try (GradientMode _ = GradientMode.on()) {
            assertThat(JniUtils.isGradMode()).isTrue();
        }
        assertThat(JniUtils.isGradMode()).isFalse();
    }

    @Test
    void theEngineIsOfflineAndCountsNobody() {
        TensorThread.prepare(1);
        assertThat(Utils.isOfflineMode()).isTrue();
        assertThat(Utils.getEnvOrSystemProperty("OPT_OUT_TRACKING")).isEqualTo("true");
    }

    @Test
    void noThreadsAreRefused() {
        assertThatThrownBy(() -> TensorThread.prepare(0))
                .hasMessageContaining("tensor threads is 0");
    }
}

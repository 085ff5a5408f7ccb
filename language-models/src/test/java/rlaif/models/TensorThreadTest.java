package rlaif.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.Utils;
import org.junit.jupiter.api.Test;

class TensorThreadTest {

    @Test
    void gradientsAreOffAndThreadsAreSet() {
        TensorThread.prepare(1);
        assertThat(JniUtils.isGradMode()).isFalse();
        assertThat(JniUtils.getNumThreads()).isEqualTo(1);
        TensorThread.prepare(2);
        assertThat(JniUtils.getNumThreads()).isEqualTo(2);
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

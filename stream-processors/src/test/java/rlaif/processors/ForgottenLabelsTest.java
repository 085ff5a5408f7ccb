package rlaif.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static rlaif.processors.TestLabels.open;
import static rlaif.processors.TestLabels.people;
import static rlaif.processors.TestLabels.pipe;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForgottenLabelsTest {
    private static final PreferenceSettings DEFAULT = PreferenceSettings.DEFAULT;

    @TempDir private Path folder;

    @Test
    void whatIsOlderThanTheTopicsKeepIsForgotten() throws Exception {
        try (TestStream stream = open(folder, DEFAULT)) {
            pipe(stream, people(1).build());
            stream.advance(Duration.ofDays(44));
            assertThat(stream.stored(PreferenceProcessor.LABELS)).isEqualTo(1);
            stream.advance(Duration.ofDays(2));
            assertThat(stream.stored(PreferenceProcessor.LABELS)).isZero();
            assertThat(stream.stored(PreferenceProcessor.UNLABELLED)).isZero();
        }
    }

    @Test
    void aStoreLargerThanASliceIsForgottenASliceAtATime() throws Exception {
        try (TestStream stream = open(folder, DEFAULT)) {
            for (int pair = 0; pair < Sweep.SLICE_ENTRIES + 100; pair++) {
                pipe(stream, people(pair).build());
            }
            stream.advance(Duration.ofDays(46));
            assertThat(stream.stored(PreferenceProcessor.LABELS)).isEqualTo(100);
            assertThat(stream.stored(PreferenceProcessor.UNLABELLED)).isEqualTo(100);
            stream.advance(Sweep.TICK);
            assertThat(stream.stored(PreferenceProcessor.LABELS)).isZero();
            assertThat(stream.stored(PreferenceProcessor.UNLABELLED)).isZero();
        }
    }
}

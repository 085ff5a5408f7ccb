package rlaif.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemberIdTest {
    @TempDir private Path folder;

    @Test
    void isMadeOnceAndKept() {
        Path state = folder.resolve("not/yet/there");
        assertThat(MemberId.in(state)).isEqualTo(MemberId.in(state)).hasSize(36);
        assertThat(MemberId.in(folder)).isNotEqualTo(MemberId.in(state));
    }

    @Test
    void aBrokenFileIsNamed() throws IOException {
        Files.writeString(folder.resolve("member-id"), "half");
        assertThatThrownBy(() -> MemberId.in(folder)).hasMessageContaining("member-id");
    }
}

package rlaif.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import rlaif.events.Candidate;
import rlaif.events.FinishReason;
import rlaif.events.Preference;
import rlaif.events.PreferenceSource;
import rlaif.events.VersionRange;

class PreferenceExportTest {
    private static final Preference PREFERENCE =
            Preference.newBuilder()
                    .setId("id")
                    .setPrompt("user : hi")
                    .setFirst(candidate("r0", "good", 1))
                    .setSecond(candidate("r1", "bad", 2))
                    .setSource(PreferenceSource.AI)
                    .build();

    private static Candidate candidate(String rolloutId, String completion, long version) {
        return Candidate.newBuilder()
                .setRolloutId(rolloutId)
                .setCompletion(completion)
                .setPolicyVersions(List.of(new VersionRange(version, 0, 3)))
                .setFinishReason(FinishReason.EOS)
                .build();
    }

    @Test
    void moreProbableCompletionIsChosen() {
        ObjectNode line = PreferenceExport.line(PREFERENCE, 0.75);

        assertThat(line.get("prompt").asText()).isEqualTo("user : hi");
        assertThat(line.get("chosen").asText()).isEqualTo("good");
        assertThat(line.get("rejected").asText()).isEqualTo("bad");
        assertThat(line.get("chosenProbability").asDouble()).isEqualTo(0.75);
        assertThat(line.get("chosenRolloutId").asText()).isEqualTo("r0");
        assertThat(line.get("chosenPolicyVersions").toString()).isEqualTo("[1]");
        assertThat(line.get("tie").asBoolean()).isFalse();
    }

    @Test
    void swappedLabelSwapsTheLine() {
        ObjectNode line = PreferenceExport.line(PREFERENCE, 0.25);

        assertThat(line.get("chosen").asText()).isEqualTo("bad");
        assertThat(line.get("rejected").asText()).isEqualTo("good");
        assertThat(line.get("chosenProbability").asDouble()).isEqualTo(0.75);
        assertThat(line.get("rejectedPolicyVersions").toString()).isEqualTo("[1]");
    }

    @Test
    void evenLabelIsATie() {
        ObjectNode line = PreferenceExport.line(PREFERENCE, 0.5);

        assertThat(line.get("tie").asBoolean()).isTrue();
        assertThat(line.get("chosen").asText()).isEqualTo("good");
    }
}

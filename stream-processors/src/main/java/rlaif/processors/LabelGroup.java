package rlaif.processors;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import rlaif.events.Judgment;
import rlaif.events.VersionRange;

/// What labels have in common that are counted together.
///
/// @param policyVersion newest in either completion; null: not known
record LabelGroup(
        String judge,
        String principle,
        String constitutionId,
        int constitutionVersion,
        String policy,
        @Nullable Long policyVersion) {

    static LabelGroup of(Judgment judgment) {
        return new LabelGroup(
                judgment.getJudge(),
                judgment.getPrinciple(),
                judgment.getConstitutionId(),
                judgment.getConstitutionVersion(),
                judgment.getPolicy(),
                Stream.of(judgment.getFirst(), judgment.getSecond())
                        .flatMap(candidate -> candidate.getPolicyVersions().stream())
                        .map(VersionRange::getVersion)
                        .max(Long::compare)
                        .orElse(null));
    }

    /// A judge under a principle: what one task counts all of, and what drift has a reference for.
    String lane() {
        return judge + "\n" + principle;
    }

    /// The key of its records.
    String key() {
        return String.join(
                "\n",
                judge,
                principle,
                constitutionId,
                Integer.toString(constitutionVersion),
                policy,
                policyVersion == null ? "" : Long.toString(policyVersion));
    }

    void write(DataOutputStream out) throws IOException {
        out.writeUTF(judge);
        out.writeUTF(principle);
        out.writeUTF(constitutionId);
        out.writeInt(constitutionVersion);
        out.writeUTF(policy);
        out.writeLong(policyVersion == null ? -1 : policyVersion);
    }

    static LabelGroup read(DataInputStream in) throws IOException {
        String judge = in.readUTF();
        String principle = in.readUTF();
        String constitutionId = in.readUTF();
        int constitutionVersion = in.readInt();
        String policy = in.readUTF();
        long policyVersion = in.readLong();
        return new LabelGroup(
                judge,
                principle,
                constitutionId,
                constitutionVersion,
                policy,
                policyVersion < 0 ? null : policyVersion);
    }
}

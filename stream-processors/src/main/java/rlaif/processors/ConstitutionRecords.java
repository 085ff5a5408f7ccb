package rlaif.processors;

import java.nio.charset.StandardCharsets;
import rlaif.judging.Constitution;
import rlaif.judging.Principle;

/// Constitutions as they stand on their topic: keyed `id/version` where published, `id/active`
/// where put in force.
public final class ConstitutionRecords {
    private ConstitutionRecords() {}

    /// Key under which a version is published.
    public static byte[] publishedKey(Constitution constitution) {
        return (constitution.id() + "/" + constitution.version()).getBytes(StandardCharsets.UTF_8);
    }

    /// Key under which a version is put in force.
    public static byte[] activeKey(String id) {
        return (id + "/active").getBytes(StandardCharsets.UTF_8);
    }

    public static rlaif.events.Constitution toRecord(Constitution constitution) {
        return rlaif.events.Constitution.newBuilder()
                .setId(constitution.id())
                .setVersion(constitution.version())
                .setDescription(constitution.description())
                .setPrinciples(
                        constitution.principles().stream()
                                .map(ConstitutionRecords::toRecord)
                                .toList())
                .build();
    }

    private static rlaif.events.Principle toRecord(Principle principle) {
        return rlaif.events.Principle.newBuilder()
                .setId(principle.id())
                .setWeight(principle.weight())
                .setCompare(principle.compare())
                .setCritique(principle.critique())
                .setRevise(principle.revise())
                .build();
    }

    /// @throws rlaif.judging.ConstitutionException when it cannot be used
    public static Constitution ofRecord(rlaif.events.Constitution record) {
        return new Constitution(
                record.getId(),
                record.getVersion(),
                record.getDescription(),
                record.getPrinciples().stream()
                        .map(p ->
                                new Principle(
                                        p.getId(),
                                        p.getWeight(),
                                        p.getCompare(),
                                        p.getCritique(),
                                        p.getRevise()))
                        .toList());
    }
}

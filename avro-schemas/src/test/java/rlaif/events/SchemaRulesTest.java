package rlaif.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

final class SchemaRulesTest {
    private static final Set<Schema.Type> NUMBERS =
            Set.of(Schema.Type.INT, Schema.Type.LONG, Schema.Type.FLOAT, Schema.Type.DOUBLE);

    /// Numbers that cannot be missing because nobody measures them: positions in something that the
    /// record itself carries, counts that begin at 0, and settings.
    private static final Set<String> NOT_MEASURED =
            Set.of(
                    "Judgment.drawSeed",
                    "Preference.drawSeed",
                    "Principle.weight",
                    "Prompt.pass",
                    "Revision.drawSeed",
                    "RevisionRound.attempts",
                    "Verdict.attempts",
                    "Verdict.sample",
                    "VersionRange.from",
                    "VersionRange.to");

    @Test
    void everyFieldIsDocumented() {
        for (Records.OwnedField field : Records.fields()) {
            assertThat(field.field().doc()).as(field.name()).isNotBlank().endsWith(".");
        }
    }

    @Test
    void everyRecordAndEnumIsDocumented() {
        Records.named()
                .forEach((name, schema) -> assertThat(schema.getDoc()).as(name).isNotBlank());
    }

    @Test
    void everyFieldHasADefault() {
        for (Records.OwnedField field : Records.fields()) {
            assertThat(field.field().hasDefaultValue()).as(field.name()).isTrue();
        }
    }

    @Test
    void aNumberIsNullableOrDefaultsToWhatItCannotBe() {
        Set<String> canBeMistaken = new TreeSet<>();
        for (Records.OwnedField field : Records.fields()) {
            boolean isNumber = NUMBERS.contains(field.field().schema().getType());
            boolean impossible = Integer.valueOf(-1).equals(asInteger(field.field()));
            if (isNumber && !impossible) {
                canBeMistaken.add(field.name());
            }
        }
        assertThat(canBeMistaken).isEqualTo(new TreeSet<>(NOT_MEASURED));
    }

    private static int asInteger(Schema.Field field) {
        return field.defaultVal() instanceof Number number ? number.intValue() : 0;
    }

    @Test
    void aNullableFieldIsNullUntilSomeoneKnowsBetter() {
        for (Records.OwnedField field : Records.fields()) {
            if (field.field().schema().isUnion()) {
                List<Schema> types = field.field().schema().getTypes();
                assertThat(types).as(field.name()).hasSize(2);
                assertThat(types.getFirst().getType()).as(field.name()).isEqualTo(Schema.Type.NULL);
                assertThat(field.field().defaultVal())
                        .as(field.name())
                        .isSameAs(JsonProperties.NULL_VALUE);
            }
        }
    }

    @Test
    void everyProbabilityScoreAndStatisticIsNullable() {
        assertThat(
                        Records.fields().stream()
                                .filter(field -> field.name().matches(MEASURED))
                                .filter(field -> !field.field().schema().isNullable())
                                .map(Records.OwnedField::name))
                .isEmpty();
        assertThat(Records.fields().stream().filter(field -> field.name().matches(MEASURED)))
                .hasSizeGreaterThanOrEqualTo(9);
    }

    private static final String MEASURED =
            "(?i).*\\.(.*probability|.*mass|.*score|.*millis|cost.*|score(mean|standard.*)|verdict\\..*tokens)";

    @Test
    void everyEnumEndsInUnknownAndFallsBackToIt() {
        for (Schema schema : Records.named().values()) {
            if (schema.getType() == Schema.Type.ENUM) {
                assertThat(schema.getEnumSymbols().getLast())
                        .as(schema.getName())
                        .isEqualTo("UNKNOWN");
                assertThat(schema.getEnumDefault()).as(schema.getName()).isEqualTo("UNKNOWN");
            }
        }
    }

    @Test
    void anEmptyRecordCanBeBuiltFromDefaultsAlone() {
        assertThat(Judgment.newBuilder().build().getFirstProbability()).isNull();
        assertThat(ScoredRollout.newBuilder().build().getScore()).isNull();
        assertThat(Preference.newBuilder().build().getSource()).isEqualTo(PreferenceSource.UNKNOWN);
        assertThat(Checkpoint.newBuilder().build().getVersion()).isEqualTo(-1);
    }
}

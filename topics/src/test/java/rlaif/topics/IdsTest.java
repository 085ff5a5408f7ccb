package rlaif.topics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Golden values: `printf '5:group,32:<prompt id>,' | sha256sum | cut -c1-32`, and so on.
final class IdsTest {
    @Test
    void anIdIsTheHashOfItsKindAndInputs() {
        assertThat(Ids.prompt("nine-rule-chat/seed", "7", 0))
                .isEqualTo("608ec3099fc25d199ece3c9e3dc74a70");
        assertThat(Ids.group("00000000000000000000000000000001"))
                .isEqualTo("342779b7726862bd5a2f5e7ee80ec4f0");
        assertThat(Ids.rollout("00000000000000000000000000000002", 3))
                .isEqualTo("4f614a4432869670e93fc30f48e91be7");
        assertThat(Ids.pair("a", "b")).isEqualTo("10f977570fd32370aa1cb81b1a1c6302");
        assertThat(Ids.judgment("p", "large", "m", "ff", "mine", 1, "no-crime", -5))
                .isEqualTo("d43b32a10db98e49bb412a621c796109");
    }

    @Test
    void judgedUnderAnotherConstitutionOrByAnotherModelAPairHasAnotherJudgment() {
        String id = Ids.judgment("p", "large", "m", "ff", "mine", 1, "no-crime", -5);
        assertThat(Ids.judgment("p", "large", "m", "ff", "yours", 1, "no-crime", -5))
                .isNotEqualTo(id);
        assertThat(Ids.judgment("p", "large", "n", "ff", "mine", 1, "no-crime", -5))
                .isNotEqualTo(id);
        assertThat(Ids.revision("r", "large", "m", "ff", "mine", 1, -5))
                .isNotEqualTo(Ids.revision("r", "large", "m", "ff", "yours", 1, -5))
                .isNotEqualTo(Ids.revision("r", "large", "n", "ff", "mine", 1, -5));
    }

    @Test
    void aSeedIsTheFirstEightBytesOfAHash() {
        assertThat(Ids.seed("a")).isEqualTo(7448901012928834442L);
    }

    @Test
    void lengthsAreOfBytesAndNotOfCharacters() {
        assertThat(Ids.prompt("f\u00fcnf", "", 1)).isEqualTo("e6c0518f2898ca44ca61529a4e27fc9c");
    }

    @Test
    void inputsThatRunTogetherAlikeHaveDifferentIds() {
        assertThat(Ids.prompt("a", "b1", 2)).isNotEqualTo(Ids.prompt("a", "b", 12));
        assertThat(Ids.prompt("ab", "c", 0)).isNotEqualTo(Ids.prompt("a", "bc", 0));
    }

    @Test
    void theOrderOfAPairIsPartOfItsId() {
        assertThat(Ids.pair("a", "b")).isNotEqualTo(Ids.pair("b", "a"));
    }
}

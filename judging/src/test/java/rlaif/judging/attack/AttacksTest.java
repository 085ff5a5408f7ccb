package rlaif.judging.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import rlaif.judging.Attack;
import rlaif.judging.AttackSource;
import rlaif.judging.Constitution;
import rlaif.judging.DegenerateCompletion;
import rlaif.judging.JudgePrompt;
import rlaif.judging.ModelText;
import rlaif.judging.Presentation;
import rlaif.judging.Principle;

class AttacksTest {
    private static final Principle PRINCIPLE = Constitution.shipped().principles().getFirst();

    private final Attacks attacks = Attacks.shipped();

    private static boolean losesWithoutACall(Attack attack) {
        return DegenerateCompletion.is(ModelText.cleaned(attack.completion()));
    }

    @Test
    void theShippedSetIsLargeAndNamesEachAttackOnce() {
        assertThat(attacks.all()).hasSizeGreaterThanOrEqualTo(200);
        assertThat(attacks.all()).extracting(Attack::id).doesNotHaveDuplicates();
        assertThat(attacks.all()).extracting(Attack::completion).doesNotHaveDuplicates();
        Map<String, Long> families =
                attacks.all().stream()
                        .collect(Collectors.groupingBy(Attack::family, Collectors.counting()));
        assertThat(families).hasSizeGreaterThanOrEqualTo(10);
        assertThat(families.values()).allMatch(count -> count >= 10);
    }

    @Test
    void aPairAlwaysDrawsTheSameTrialAndPairsDrawAllCasesAndAllAttacksThatAJudgeIsAskedAbout() {
        ShippedTrials trials = new ShippedTrials();
        assertThat(trials.draw("p1")).isEqualTo(new ShippedTrials().draw("p1"));
        Map<String, Integer> drawn = new HashMap<>();
        Map<String, Integer> prompts = new HashMap<>();
        for (int i = 0; i < 10_000; i++) {
            AttackSource.Trial trial = trials.draw("p" + i);
            drawn.merge(trial.attack().id(), 1, Integer::sum);
            prompts.merge(trial.prompt(), 1, Integer::sum);
        }
        assertThat(drawn)
                .containsOnlyKeys(
                        attacks.all().stream()
                                .filter(attack -> !losesWithoutACall(attack))
                                .map(Attack::id)
                                .toList());
        assertThat(prompts).hasSameSizeAs(AttackCase.shipped(PRINCIPLE));
    }

    @Test
    void trialsArePutUnderTheCasesThatAreGiven() {
        AttackCase only = AttackCase.shipped(PRINCIPLE).get(2);
        ShippedTrials trials = new ShippedTrials(List.of(only));
        for (int i = 0; i < 20; i++) {
            assertThat(trials.draw("p" + i).prompt()).isEqualTo(only.prompt());
            assertThat(trials.draw("p" + i).decent()).isEqualTo(only.decent());
        }
        assertThatThrownBy(() -> new ShippedTrials(List.of())).hasMessageContaining("no case");
    }

    @Test
    void everyMasterKeyLosesWithoutACall() {
        assertThat(attacks.all())
                .filteredOn(attack ->
                        attack.family().equals("punctuation")
                                || attack.family().startsWith("opener"))
                .allMatch(AttacksTest::losesWithoutACall);
    }

    @Test
    void noAttackLeavesAMarkerAnInvisibleCharacterOrAMadeUpMarkInThePrompt() {
        for (Attack attack : attacks.all()) {
            String text =
                    JudgePrompt.shipped()
                            .text(
                                    new Presentation(
                                            "p", PRINCIPLE, "hello", attack.completion(), "hi"));
            String shown = text.substring(0, text.lastIndexOf("\nAbove are a conversation"));
            assertThat(shown)
                    .as(attack.id())
                    .doesNotContainPattern(
                            "<[|｜]\\S{1,64}[|｜]>|\\[/?INST]|</?s>|_of_turn>|SYS>>|think>")
                    .doesNotContainPattern("[\\p{Cc}\\p{Cf}&&[^\\n\\t]]");
            assertThat(shown.split("</?(completion|conversation|principle|rationale)", -1))
                    .as(attack.id())
                    .hasSize(9); // four marks opened, four closed: only the template's
        }
    }
}

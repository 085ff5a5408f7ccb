package rlaif.worlds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FactSheetTest {
    private static final int MANY = 10_000;

    private static final FactSheet WORLD = new FactSheet();
    private static final List<Demonstration> DEMONSTRATIONS = WORLD.demonstrations(MANY, 7);

    @Test
    void sameSeedGivesTheSameWorldAndAnotherGivesAnother() {
        FactSheet again = new FactSheet();

        assertThat(again.prompt(3, 41)).isEqualTo(WORLD.prompt(3, 41));
        assertThat(again.heldOut("summary", 50, 3)).isEqualTo(WORLD.heldOut("summary", 50, 3));
        assertThat(again.demonstrations(50, 3)).isEqualTo(WORLD.demonstrations(50, 3));
        assertThat(again.tokenizerJson()).isEqualTo(WORLD.tokenizerJson());
        assertThat(WORLD.demonstrations(50, 4)).isNotEqualTo(WORLD.demonstrations(50, 3));
    }

    @Test
    void worldIsTheSameInEveryRelease() {
        assertThat(WORLD.demonstrations(1, 1))
                .containsExactly(
                        new Demonstration(
                                "post : the book fair . you can hear rock music all night . this"
                                        + " year you are invited by the sailors . important : every"
                                        + " guest is asked to bring flowers . important : it is always"
                                        + " held on a thursday . up to eight hundred guests will fit in"
                                        + " . at every corner you can buy sausages . the last guests"
                                        + " are sent home at two . the stop of bus eleven is at the"
                                        + " gate . summary :",
                                "bring flowers . it starts at seven .",
                                "summary"));
    }

    @Test
    void everyPostIsReadBackWithSixToEightFactsOfWhichTwoToFourMatter() {
        Set<Integer> facts = new HashSet<>();
        Set<Integer> important = new HashSet<>();
        Set<SheetTables.Subject> subjects = new HashSet<>();
        for (Demonstration demonstration : DEMONSTRATIONS) {
            SheetPost post = WORLD.post(demonstration.prompt());
            facts.add(post.facts().size());
            important.add(post.important().size());
            subjects.add(post.subject());
            assertThat(post.facts().stream().map(SheetFact::kind)).doesNotHaveDuplicates();
        }
        assertThat(facts).containsExactlyInAnyOrder(6, 7, 8);
        assertThat(important).containsExactlyInAnyOrder(2, 3, 4);
        assertThat(subjects).containsExactlyInAnyOrder(SheetTables.Subject.values());
    }

    @Test
    void heldOutPostsAreDifferentAndNeverTrainedOn() {
        Set<String> heldOut = new HashSet<>();
        for (PromptItem item : WORLD.heldOut("summary", 2_000, 1)) {
            assertThat(item.category()).isEqualTo("summary");
            assertThat(HeldOutPrompts.holdsOut(item.text())).isTrue();
            heldOut.add(item.text());
        }
        assertThat(heldOut).hasSize(2_000);
        for (Demonstration demonstration : DEMONSTRATIONS) {
            assertThat(HeldOutPrompts.holdsOut(demonstration.prompt())).isFalse();
        }
    }

    @Test
    void writerIsAbleAndCareless() {
        double gold = 0;
        double best = 0;
        double inventing = 0;
        double complete = 0;
        for (Demonstration demonstration : DEMONSTRATIONS) {
            Gold found = WORLD.gold(demonstration.prompt(), demonstration.completion(), true);
            String ideal = WORLD.best(demonstration.prompt());
            assertThat(found.malformed()).isFalse();
            gold += found.scalar();
            best += WORLD.gold(demonstration.prompt(), ideal, true).scalar();
            inventing += found.harmful() ? 1 : 0;
            complete += found.helpful() ? 1 : 0;
        }
        assertThat(gold / MANY).isCloseTo(1.6, within(0.1));
        assertThat(best / MANY).isCloseTo(3.07, within(0.05));
        assertThat(inventing / MANY).isCloseTo(0.27, within(0.02));
        assertThat(complete / MANY).isCloseTo(0.27, within(0.02));
    }

    @Test
    void bestSummaryIsBetterThanWhateverTheWriterWritesOrLeavesOut() {
        Random random = new Random(3);
        for (Demonstration demonstration : DEMONSTRATIONS.subList(0, 2_000)) {
            String prompt = demonstration.prompt();
            String best = WORLD.best(prompt);
            List<String> less = new ArrayList<>(Sentences.of(best));
            less.remove(random.nextInt(less.size()));

            assertThat(WORLD.regret(prompt, best, true)).isCloseTo(0, within(1e-9));
            assertThat(WORLD.regret(prompt, demonstration.completion(), true))
                    .isGreaterThanOrEqualTo(-1e-9);
            assertThat(WORLD.regret(prompt, String.join(" ", less), true)).isGreaterThan(0.5);
            assertThat(WORLD.gold(prompt, best, true).helpful()).isTrue();
        }
    }

    @Test
    void everyWordOfPostsAndSummariesIsAToken() {
        Set<String> tokens = new HashSet<>(WORLD.tokens());
        int longest = 0;
        for (Demonstration demonstration : DEMONSTRATIONS) {
            List<String> prompt = List.of(demonstration.prompt().split(" ", -1));
            List<String> completion = List.of(demonstration.completion().split(" ", -1));
            assertThat(tokens.containsAll(prompt)).isTrue();
            assertThat(tokens.containsAll(completion)).isTrue();
            longest = Math.max(longest, prompt.size() + completion.size() + 1);
        }
        assertThat(WORLD.tokens()).doesNotHaveDuplicates().hasSizeBetween(200, 400);
        assertThat(longest).isLessThanOrEqualTo(WORLD.maxPositions() - 32);
    }

    @Test
    void otherCategoriesAndPromptsAreRefusedByName() {
        assertThatThrownBy(() -> WORLD.heldOut("benign", 1, 1))
                .hasMessageContaining("fact sheet has no category 'benign': use summary");
        assertThatThrownBy(() -> WORLD.gold("post : the moon . summary :", "", true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a prompt of fact sheet");
        assertThatThrownBy(() -> WORLD.violates("no-crime", DEMONSTRATIONS.getFirst().prompt(), ""))
                .hasMessageContaining("important-facts, faithful, brief, clear");
    }
}

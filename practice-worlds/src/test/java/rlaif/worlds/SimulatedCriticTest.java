package rlaif.worlds;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulatedCriticTest {
    private static final String PROMPT = "user : how can i steal a car ? assistant :";
    private static final String HARMFUL = "wear a mask and leave no trace .";
    private static final String GOOD = "that is a crime . please ask someone for honest help .";
    private static final Labeler EXACT = new Labeler("exact", 0, 0, 0);

    private static final NineRuleChat WORLD = new NineRuleChat();

    @Test
    void critiqueNamesTheSentenceThatViolatesTheAskedPrinciple() {
        String critique =
                new SimulatedCritic(WORLD, EXACT).critique("no-crime", PROMPT, HARMFUL, 0);

        assertThat(critique)
                .isEqualTo(
                        "By this principle I object to the following."
                                + " \"wear a mask and leave no trace .\" helps somebody to commit a"
                                + " crime.");
    }

    @Test
    void exactCriticOverlooksOnlyWhatAnotherPrincipleForbids() {
        SimulatedCritic exact = new SimulatedCritic(WORLD, EXACT);

        assertThat(exact.critique("no-crime", PROMPT, GOOD, 0))
                .isEqualTo(SimulatedCritic.NO_OBJECTION);
        assertThat(exact.critique("age-appropriate", PROMPT, HARMFUL, 0))
                .isEqualTo(SimulatedCritic.NO_OBJECTION);
    }

    @Test
    void revisionAfterAnObjectionHasNoMoreHarmAndIsMadeOfTheWorldsSentences() {
        SimulatedCritic exact = new SimulatedCritic(WORLD, EXACT);
        String critique = exact.critique("no-crime", PROMPT, HARMFUL, 0);
        int mended = 0;
        for (int seed = 0; seed < 1_000; seed++) {
            String revision = exact.revision("no-crime", PROMPT, HARMFUL, critique, seed);
            Gold gold = WORLD.gold(PROMPT, revision, true);
            assertThat(gold.malformed()).isFalse();
            mended += gold.harmful() ? 0 : 1;
        }
        assertThat(mended).as("a few revisions fail").isBetween(880, 960);
    }

    @Test
    void revisionAfterNoObjectionIsTheCompletion() {
        SimulatedCritic exact = new SimulatedCritic(WORLD, EXACT);

        assertThat(exact.revision("no-crime", PROMPT, GOOD, SimulatedCritic.NO_OBJECTION, 0))
                .isEqualTo(GOOD);
    }

    @Test
    void completionThatSaysNothingIsWrittenThoughNobodyObjectsToIt() {
        for (PracticeWorld world : List.of(WORLD, new FactSheet())) {
            SimulatedCritic exact = new SimulatedCritic(world, EXACT);
            for (String category : world.categories()) {
                String prompt = world.heldOut(category, 1, 3).getFirst().text();
                for (String nothing : List.of("", " ", ".", ". .")) {
                    String critique =
                            exact.critique(world.principleIds().getFirst(), prompt, nothing, 0);
                    for (int seed = 0; seed < 20; seed++) {
                        String revision = exact.revision("", prompt, nothing, critique, seed);
                        assertThat(revision).containsPattern("[a-z]");
                        assertThat(world.gold(prompt, revision, true).harmful()).isFalse();
                    }
                }
            }
        }
    }

    @Test
    void sameRequestGetsTheSameCritiqueAndRevisionAndAnotherSeedAnother() {
        SimulatedCritic critic = new SimulatedCritic(WORLD, Labeler.LARGE);
        SimulatedCritic again = new SimulatedCritic(new NineRuleChat(), Labeler.LARGE);
        String critique =
                new SimulatedCritic(WORLD, EXACT).critique("no-crime", PROMPT, HARMFUL, 0);
        List<String> revisions = new ArrayList<>();
        for (int seed = 0; seed < 20; seed++) {
            String revision = critic.revision("no-crime", PROMPT, HARMFUL, critique, seed);
            assertThat(again.revision("no-crime", PROMPT, HARMFUL, critique, seed))
                    .isEqualTo(revision);
            assertThat(again.critique("no-crime", PROMPT, HARMFUL, seed))
                    .isEqualTo(critic.critique("no-crime", PROMPT, HARMFUL, seed));
            revisions.add(revision);
        }
        assertThat(revisions.stream().distinct().count()).isGreaterThan(5);
    }

    @Test
    void harmFallsWithEachRoundAndHelpfulnessALittle() {
        SimulatedCritic critic = new SimulatedCritic(WORLD, Labeler.LARGE);
        double[] harmful = new double[5];
        double[] helpful = new double[5];
        int redTeam = 0;
        List<Demonstration> demonstrations = WORLD.demonstrations(6_000, 5);
        for (Demonstration demonstration : demonstrations) {
            String prompt = demonstration.prompt();
            String completion = demonstration.completion();
            boolean benign = WORLD.intent(prompt).benign();
            redTeam += benign ? 0 : 1;
            for (int round = 0; round <= 4; round++) {
                if (round > 0) {
                    String id = principle(prompt, round);
                    String critique = critic.critique(id, prompt, completion, 0);
                    completion = critic.revision(id, prompt, completion, critique, 0);
                }
                Gold gold = WORLD.gold(prompt, completion, true);
                assertThat(gold.malformed()).isFalse();
                harmful[round] += !benign && gold.harmful() ? 1 : 0;
                helpful[round] += benign && gold.helpful() ? 1 : 0;
            }
        }
        int benign = demonstrations.size() - redTeam;
        for (int round = 1; round <= 4; round++) {
            assertThat(harmful[round] / redTeam)
                    .as("harm in round " + round)
                    .isLessThan(harmful[round - 1] / redTeam - 0.01);
        }
        assertThat(harmful[4] / redTeam).isLessThan(harmful[0] / redTeam - 0.2);
        assertThat(helpful[4] / benign)
                .isBetween(helpful[0] / benign - 0.12, helpful[0] / benign - 0.01);
    }

    private static String principle(String prompt, int round) {
        List<String> ids = WORLD.principleIds();
        return ids.get(
                (int)
                        Long.remainderUnsigned(
                                StableHash.of(StableHash.of(prompt), round), ids.size()));
    }
}

package rlaif.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static rlaif.processors.TestJudging.pipe;
import static rlaif.processors.TestJudging.refusedTopic;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.events.AbstainReason;
import rlaif.events.Judgment;
import rlaif.events.Outcome;
import rlaif.events.Pair;
import rlaif.events.Preference;
import rlaif.events.PresentationOrder;
import rlaif.events.Rollout;
import rlaif.judging.Reply;
import rlaif.topics.DeadLetters;
import rlaif.topics.Ids;
import rlaif.topics.Topic;

@SuppressWarnings("NullAway.Init") // set before each test
class JudgeTopologyTest {
    @TempDir private Path folder;
    private TestJudging stage;

    @BeforeEach
    void freshStage() {
        stage = new TestJudging(folder);
    }

    @Test
    void itsPrintedFormIsTheGoldenOne() throws IOException {
        try (var golden = getClass().getResourceAsStream("judge-topology.txt");
                TestStream stream = stage.open()) {
            assertThat(
                            stage.topology(stream.connection, stream.codecs, stage.settings(0, 8))
                                    .describe()
                                    .toString()
                                    .strip())
                    .isEqualTo(
                            golden == null
                                    ? ""
                                    : new String(golden.readAllBytes(), StandardCharsets.UTF_8)
                                            .strip());
        }
    }

    @Test
    void aGroupOfTwoBecomesOnePairOneJudgmentAndOnePreference() throws Exception {
        try (TestStream stream = stage.open()) {
            List<Rollout> group = TestRollouts.group(1, "good good", "bad");
            pipe(stream, group);

            Preference preference = stream.<Preference>await(Topic.PREFERENCES, 1).getFirst();
            Pair pair = stream.<Pair>await(Topic.PAIRS, 1).getFirst();
            Judgment judgment = stream.<Judgment>await(Topic.JUDGMENTS, 1).getFirst();

            assertThat(pair.getId())
                    .isEqualTo(Ids.pair(group.get(0).getId(), group.get(1).getId()));
            assertThat(pair.getFirst().getCompletion()).isEqualTo("good good");
            assertThat(pair.getFirst().getCompletionTokens()).containsExactly(5, 2);
            assertThat(pair.getPromptTokens()).containsExactly(3, 1, 4, 1);
            assertThat(pair.getCategory()).isEqualTo("benign");

            // logit("1") = 2 + 0.4 shown first, -2 + 0.4 shown second
            double p12 = 1 / (1 + Math.exp(-2.4));
            double p21 = 1 - 1 / (1 + Math.exp(1.6));
            assertThat(judgment.getOutcome()).isEqualTo(Outcome.PREFERRED);
            assertThat(judgment.getAbstainReason()).isEqualTo(AbstainReason.NONE);
            assertThat(judgment.getFirstProbability()).isCloseTo((p12 + p21) / 2, within(1e-12));
            assertThat(judgment.getVerdicts())
                    .extracting(v -> v.getOrder())
                    .containsExactly(
                            PresentationOrder.FIRST_SECOND, PresentationOrder.SECOND_FIRST);
            assertThat(judgment.getVerdicts().get(0).getFirstProbability())
                    .isCloseTo(p12, within(1e-12));
            assertThat(judgment.getVerdicts().get(1).getFirstProbability())
                    .isCloseTo(p21, within(1e-12));
            assertThat(judgment.getVerdicts().get(0).getRequest()).isNull();
            assertThat(judgment.getConstitutionId()).isEqualTo("nine-rules");
            assertThat(judgment.getConstitutionVersion()).isEqualTo(1);
            assertThat(judgment.getDrawSeed()).isEqualTo(7);
            assertThat(judgment.getId())
                    .isEqualTo(
                            Ids.judgment(
                                    pair.getId(),
                                    "switched",
                                    "formula-1",
                                    stage.judge.templateHash(),
                                    "nine-rules",
                                    1,
                                    judgment.getPrinciple(),
                                    7));

            assertThat(preference.getId()).isEqualTo(judgment.getId());
            assertThat(preference.getFirstProbability()).isEqualTo(judgment.getFirstProbability());
            assertThat(preference.getFirst()).isEqualTo(pair.getFirst());
            assertThat(preference.getTokenizerDigest()).isEqualTo(TestRollouts.TOKENIZER);
            assertThat(stream.stored(PairingProcessor.STORE)).isZero();
            assertThat(stream.stored(JudgingProcessor.STORE)).isZero();
        }
    }

    @Test
    void aPairThatComesTwiceWhileItIsJudgedCountsOnce() throws Exception {
        stage.judge = SwitchedJudge.shut();
        try (TestStream stream = stage.open()) {
            pipe(stream, TestRollouts.group(1, "good", "bad"));
            Pair pair = stream.<Pair>await(Topic.PAIRS, 1).getFirst();
            stream.pipe(Topic.PAIRS, "k", pair);
            stage.judge.release();
            stream.await(Topic.JUDGMENTS, 1);
            stream.advance(Duration.ofSeconds(1));
            assertThat(stream.count(Topic.JUDGMENTS)).isZero();
            assertThat(stream.stored(JudgingProcessor.STORE)).isZero();
        }
    }

    @Test
    void poisonIsDeadLetteredAsItCameAndItsNeighboursAreJudged() throws Exception {
        try (TestStream stream = stage.open()) {
            byte[] poison = {0, 1, 2, 3, 4, 5, 6};
            stream.pipeBytes(Topic.ROLLOUTS, "k", poison);
            stream.pipeBytes(Topic.PAIRS, "k", poison);
            pipe(stream, TestRollouts.group(1, "good", "bad"));
            stream.pipeBytes(Topic.PAIRS, "k", new byte[0]);
            assertThat(stream.<Preference>await(Topic.PREFERENCES, 1)).hasSize(1);
            List<TestRecord<byte[], byte[]>> letters =
                    stream.await(refusedTopic(stream, Topic.PAIRS), 2);
            assertThat(letters.getFirst().value()).isEqualTo(poison);
            assertThat(TestStream.header(letters.getFirst(), DeadLetters.CODE_HEADER))
                    .isEqualTo(DeadLetters.UNREADABLE);
            assertThat(stream.await(refusedTopic(stream, Topic.ROLLOUTS), 1)).hasSize(1);
        }
    }

    @Test
    void aFailedCallIsADeadLetterAndNeverALabel() throws Exception {
        stage.judge.answer(shown ->
                shown.prompt().contains("prompt 1 ")
                        ? new Reply.RetryLater("status 503", Duration.ZERO)
                        : shown.prompt().contains("prompt 2 ")
                                ? new Reply.Refused("status 400: too long")
                                : stage.judge.askFormula(shown));
        try (TestStream stream = stage.open()) {
            for (int prompt = 1; prompt <= 3; prompt++) {
                pipe(stream, TestRollouts.group(prompt, "good", "bad"));
            }
            List<TestRecord<byte[], byte[]>> letters =
                    stream.await(refusedTopic(stream, Topic.PAIRS), 2);
            assertThat(letters)
                    .extracting(letter -> TestStream.header(letter, DeadLetters.CODE_HEADER))
                    .containsExactlyInAnyOrder("JUDGE_UNAVAILABLE", "JUDGE_REFUSED");
            assertThat(letters)
                    .extracting(letter -> TestStream.header(letter, DeadLetters.ATTEMPTS_HEADER))
                    .anyMatch("2"::equals) // one refusal in each order
                    .anyMatch(attempts -> Integer.parseInt(attempts) >= 6); // two retries each
            assertThat(letters)
                    .extracting(letter -> TestStream.header(letter, DeadLetters.MESSAGE_HEADER))
                    .contains("judge 'switched': status 400: too long");
            assertThat(stream.<Preference>await(Topic.PREFERENCES, 1).getFirst().getPrompt())
                    .contains("prompt 3 ");
            assertThat(stream.<Judgment>await(Topic.JUDGMENTS, 1)).hasSize(1);
            assertThat(stream.stored(JudgingProcessor.STORE)).isZero();
        }
    }

    @Test
    void aJudgeThatBreaksOnOnePairRefusesThatPairAlone() throws Exception {
        stage.judge.answer(shown -> {
            if (shown.prompt().contains("prompt 1 ")) {
                throw new IllegalArgumentException("cannot judge this");
            }
            return stage.judge.askFormula(shown);
        });
        try (TestStream stream = stage.open()) {
            pipe(stream, TestRollouts.group(1, "good", "bad"));
            pipe(stream, TestRollouts.group(2, "good", "bad"));
            TestRecord<byte[], byte[]> letter =
                    stream.await(refusedTopic(stream, Topic.PAIRS), 1).getFirst();
            assertThat(TestStream.header(letter, DeadLetters.CODE_HEADER)).isEqualTo("INTERNAL");
            Pair refused = stream.codecs.<Pair>codec(Topic.PAIRS).decode(letter.value());
            assertThat(refused.getPrompt()).contains("prompt 1 ");
            assertThat(stream.<Preference>await(Topic.PREFERENCES, 1).getFirst().getPrompt())
                    .contains("prompt 2 ");
        }
    }

    @Test
    void anAbstentionIsAJudgmentWithoutAPreference() throws Exception {
        stage.judge.answer(_ -> new Reply.Unreadable(0.2, Reply.Exchange.none()));
        try (TestStream stream = stage.open()) {
            pipe(stream, TestRollouts.group(1, "same", "same"));
            pipe(stream, TestRollouts.group(2, "...", ""));
            pipe(stream, TestRollouts.group(3, "good", "bad"));
            List<Judgment> judgments = stream.await(Topic.JUDGMENTS, 3);
            assertThat(judgments)
                    .extracting(Judgment::getAbstainReason)
                    .containsExactlyInAnyOrder(
                            AbstainReason.IDENTICAL,
                            AbstainReason.BOTH_DEGENERATE,
                            AbstainReason.UNREADABLE);
            assertThat(judgments)
                    .allSatisfy(judgment -> {
                        assertThat(judgment.getOutcome()).isEqualTo(Outcome.ABSTAINED);
                        assertThat(judgment.getFirstProbability()).isNull();
                    });
            assertThat(stream.count(Topic.PREFERENCES)).isZero();
            assertThat(stage.judge.asked).hasValue(2);
        }
    }

    @Test
    void aNewConstitutionHoldsFromTheNextPair() throws Exception {
        try (TestStream stream = stage.open()) {
            pipe(stream, TestRollouts.group(1, "good", "bad"));
            assertThat(
                            stream.<Judgment>await(Topic.JUDGMENTS, 1)
                                    .getFirst()
                                    .getConstitutionVersion())
                    .isEqualTo(1);
            stage.constitutions.activate(2);
            pipe(stream, TestRollouts.group(2, "good", "bad"));
            Judgment judgment = stream.<Judgment>await(Topic.JUDGMENTS, 1).getFirst();
            assertThat(judgment.getConstitutionVersion()).isEqualTo(2);
            assertThat(judgment.getPrinciple()).endsWith("-2");
        }
    }

    @Test
    void swappingTheRolloutsOfAPairSwapsTheLabel() throws Exception {
        try (TestStream stream = stage.open()) {
            for (int prompt = 0; prompt < 50; prompt++) {
                String one = "one " + "good ".repeat(prompt % 5);
                String two = "two " + "good ".repeat(prompt % 3);
                pipe(stream, TestRollouts.group(2 * prompt, one, two));
                pipe(stream, TestRollouts.group(2 * prompt + 1, two, one));
            }
            List<Preference> preferences = stream.await(Topic.PREFERENCES, 100);
            for (int prompt = 0; prompt < 50; prompt++) {
                assertThat(probability(preferences, 2 * prompt + 1))
                        .isCloseTo(1 - probability(preferences, 2 * prompt), within(1e-15));
            }
        }
    }

    private static double probability(List<Preference> preferences, int prompt) {
        return preferences.stream()
                .filter(p -> p.getPrompt().contains("prompt " + prompt + " "))
                .map(Preference::getFirstProbability)
                .findFirst()
                .orElseThrow();
    }
}

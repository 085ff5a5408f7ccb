package rlaif.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.events.AbstainReason;
import rlaif.events.Judgment;
import rlaif.events.Outcome;
import rlaif.events.Pair;
import rlaif.events.Preference;
import rlaif.events.PreferenceWriter;
import rlaif.events.PresentationOrder;
import rlaif.events.Rollout;
import rlaif.events.SecondOrder;
import rlaif.judging.Attack;
import rlaif.judging.AttackSource;
import rlaif.judging.CanaryWatch;
import rlaif.judging.JudgeCalls;
import rlaif.judging.PairJudging;
import rlaif.judging.Presentation;
import rlaif.judging.Reply;
import rlaif.judging.Retries;
import rlaif.judging.SecondOrderRule;
import rlaif.judging.limits.Breaker;
import rlaif.judging.limits.Budgets;
import rlaif.judging.limits.Prices;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.DeadLetters;
import rlaif.topics.Ids;
import rlaif.topics.Topic;

@SuppressWarnings("NullAway.Init") // set before each test
class JudgeTopologyTest {
    private static final Duration TIMEOUT = Duration.ofMinutes(10);
    private static final Retries QUICK =
            new Retries(2, Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofSeconds(1));

    @TempDir private Path folder;
    private final AttackSource attacks =
            pairId ->
                    new AttackSource.Trial(
                            new Attack("a1", "flattery", "good one"), "why?", "because");
    private final Queue<String> notices = new ConcurrentLinkedQueue<>();
    private final Intake intake = new Intake();
    private FixedConstitutions constitutions;
    private SwitchedJudge judge;

    @BeforeEach
    void freshJudge() {
        constitutions = new FixedConstitutions();
        judge = SwitchedJudge.open();
    }

    private JudgeStage.Settings settings(int pairsPerGroup, int maxInFlight) {
        return new JudgeStage.Settings(
                Set.of(JudgeStage.Part.PAIRING, JudgeStage.Part.JUDGING),
                new PairingSettings(pairsPerGroup, TIMEOUT),
                new JudgingSettings(
                        "nine-rules", 7, new PairJudging.Settings(maxInFlight, false, QUICK), 0),
                StreamsSettings.in(folder));
    }

    private TestStream open(JudgeStage.Settings settings) throws IOException {
        return new TestStream(
                folder, (connection, codecs) -> topology(connection, codecs, settings));
    }

    private Topology topology(Connection connection, Codecs codecs, JudgeStage.Settings settings) {
        return JudgeTopology.of(
                connection,
                codecs,
                new JudgmentSource(connection, codecs),
                judge,
                settings.judging().watched(judge, attacks, notices::add),
                constitutions,
                intake,
                settings);
    }

    private TestStream open() throws IOException {
        return open(settings(0, 8));
    }

    private static void pipe(TestStream stream, List<Rollout> group) {
        group.forEach(rollout -> stream.pipe(Topic.ROLLOUTS, rollout.getPromptId(), rollout));
    }

    private static String refusedTopic(TestStream stream, Topic topic) {
        return stream.connection.deadLetters(topic);
    }

    @Test
    void itsPrintedFormIsTheGoldenOne() throws IOException {
        try (var golden = getClass().getResourceAsStream("judge-topology.txt");
                TestStream stream = open()) {
            assertThat(
                            topology(stream.connection, stream.codecs, settings(0, 8))
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
        try (TestStream stream = open()) {
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
                                    judge.templateHash(),
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

    private JudgeStage.Settings allForPeople() {
        JudgeStage.Settings usual = settings(0, 8);
        return new JudgeStage.Settings(
                usual.stages(),
                usual.pairing(),
                usual.judging().withLabels(HumanShare.ALL, PreferenceWriter.PREFERENCES),
                usual.streams());
    }

    @Test
    void wherePeopleLabelEveryPairNoJudgeIsAskedAndNoConstitutionIsNeeded() throws Exception {
        JudgeStage.Settings settings = allForPeople();
        try (TestStream stream =
                new TestStream(
                        folder,
                        (connection, codecs) ->
                                JudgeTopology.of(
                                        connection,
                                        codecs,
                                        new JudgmentSource(connection, codecs),
                                        new NoJudge(),
                                        settings.judging().watched(judge, attacks, notices::add),
                                        new NoConstitutions(),
                                        intake,
                                        settings))) {
            pipe(stream, TestRollouts.group(1, "good", "bad"));
            pipe(stream, TestRollouts.group(2, "same", "same"));

            assertThat(stream.<Judgment>await(Topic.JUDGMENTS, 2))
                    .extracting(Judgment::getAbstainReason)
                    .containsExactly(AbstainReason.FOR_PEOPLE, AbstainReason.IDENTICAL);
            assertThat(judge.asked.get()).isZero();
            assertThat(stream.count(Topic.PREFERENCES)).isZero();
            assertThat(stream.stored(JudgingProcessor.STORE)).isZero();
        }
    }

    @Test
    void aPairWhoseJudgmentWouldBeTooLargeIsDeadLetteredThoughNoJudgeIsAsked() throws Exception {
        try (TestStream stream = open(allForPeople())) {
            stream.pipe(Topic.PAIRS, "k", largest(stream));

            assertThat(stream.await(refusedTopic(stream, Topic.PAIRS), 1))
                    .extracting(letter -> TestStream.header(letter, DeadLetters.CODE_HEADER))
                    .containsExactly("TOO_LARGE");
            assertThat(stream.count(Topic.JUDGMENTS)).isZero();
        }
    }

    /// The largest pair that its topic takes, to a few bytes.
    private static Pair largest(TestStream stream) {
        Pair pair = Pair.newBuilder().setId("pair").setPromptId("prompt").build();
        int fields = stream.codecs.<Pair>codec(Topic.PAIRS).encode(pair).length;
        pair.setPrompt("a".repeat(Topic.MAX_RECORD_BYTES - fields - 8));
        return pair;
    }

    @Test
    void onlyAStageThatLeavesEveryPairToPeopleDoesWithoutAJudge() {
        assertThat(allForPeople().asksJudge()).isFalse();
        assertThat(settings(0, 8).asksJudge()).isTrue();
        assertThat(new HumanShare(1, Map.of("benign", 0.5)).takesAll()).isFalse();
    }

    @Test
    void aLargerGroupGivesAsManyPairsAsAreDrawn() throws Exception {
        try (TestStream stream = open(settings(2, 8))) {
            pipe(stream, TestRollouts.group(1, "good", "bad", "good good", "dull"));
            List<Pair> pairs = stream.await(Topic.PAIRS, 2);
            assertThat(
                            pairs.stream()
                                    .flatMap(p ->
                                            List.of(
                                                    p.getFirst().getRolloutId(),
                                                    p.getSecond().getRolloutId())
                                                    .stream()))
                    .doesNotHaveDuplicates()
                    .hasSize(4);
            assertThat(stream.<Preference>await(Topic.PREFERENCES, 2)).hasSize(2);
        }
    }

    @Test
    void aRolloutThatComesTwiceCountsOnce() throws Exception {
        try (TestStream stream = open()) {
            List<Rollout> group = TestRollouts.group(1, "good", "bad");
            stream.pipe(Topic.ROLLOUTS, "k", group.get(0));
            stream.pipe(Topic.ROLLOUTS, "k", group.get(0));
            assertThat(stream.stored(PairingProcessor.STORE)).isEqualTo(1);
            stream.pipe(Topic.ROLLOUTS, "k", group.get(1));
            stream.await(Topic.JUDGMENTS, 1);
            assertThat(stream.count(Topic.PAIRS)).isEqualTo(1);
        }
    }

    @Test
    void aPairThatComesTwiceWhileItIsJudgedCountsOnce() throws Exception {
        judge = SwitchedJudge.shut();
        try (TestStream stream = open()) {
            pipe(stream, TestRollouts.group(1, "good", "bad"));
            Pair pair = stream.<Pair>await(Topic.PAIRS, 1).getFirst();
            stream.pipe(Topic.PAIRS, "k", pair);
            judge.release();
            stream.await(Topic.JUDGMENTS, 1);
            stream.advance(Duration.ofSeconds(1));
            assertThat(stream.count(Topic.JUDGMENTS)).isZero();
            assertThat(stream.stored(JudgingProcessor.STORE)).isZero();
        }
    }

    @Test
    void anIncompleteGroupIsDeadLetteredAfterItsTimeout() throws Exception {
        try (TestStream stream = open()) {
            List<Rollout> group = TestRollouts.group(1, "good", "bad", "dull");
            pipe(stream, group.subList(0, 2));
            stream.advance(TIMEOUT.minusMinutes(1));
            assertThat(stream.stored(PairingProcessor.STORE)).isEqualTo(2);
            stream.advance(Duration.ofMinutes(2));
            List<TestRecord<byte[], byte[]>> letters =
                    stream.await(refusedTopic(stream, Topic.ROLLOUTS), 2);
            assertThat(letters)
                    .allSatisfy(letter -> {
                        assertThat(TestStream.header(letter, DeadLetters.CODE_HEADER))
                                .isEqualTo("GROUP_INCOMPLETE");
                        assertThat(TestStream.header(letter, DeadLetters.STAGE_HEADER))
                                .isEqualTo("pairing");
                    });
            assertThat(letters.get(1).value())
                    .isEqualTo(stream.codecs.<Rollout>codec(Topic.ROLLOUTS).encode(group.get(1)));
            assertThat(TestStream.header(letters.get(1), DeadLetters.OFFSET_HEADER)).isEqualTo("1");
            assertThat(stream.stored(PairingProcessor.STORE)).isZero();
            assertThat(stream.count(Topic.PAIRS)).isZero();
        }
    }

    @Test
    void aGroupThatContradictsItselfIsDeadLettered() throws Exception {
        try (TestStream stream = open()) {
            List<Rollout> group = TestRollouts.group(1, "good", "bad");
            group.get(1).setPrompt("another prompt");
            pipe(stream, group);
            assertThat(stream.await(refusedTopic(stream, Topic.ROLLOUTS), 2))
                    .extracting(letter -> TestStream.header(letter, DeadLetters.CODE_HEADER))
                    .containsOnly("GROUP_INCONSISTENT");
        }
    }

    @Test
    void poisonIsDeadLetteredAsItCameAndItsNeighboursAreJudged() throws Exception {
        try (TestStream stream = open()) {
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
        judge.answer(shown ->
                shown.prompt().contains("prompt 1 ")
                        ? new Reply.RetryLater("status 503", Duration.ZERO)
                        : shown.prompt().contains("prompt 2 ")
                                ? new Reply.Refused("status 400: too long")
                                : judge.askFormula(shown));
        try (TestStream stream = open()) {
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
        judge.answer(shown -> {
            if (shown.prompt().contains("prompt 1 ")) {
                throw new IllegalArgumentException("cannot judge this");
            }
            return judge.askFormula(shown);
        });
        try (TestStream stream = open()) {
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
        judge.answer(_ -> new Reply.Unreadable(0.2, Reply.Exchange.none()));
        try (TestStream stream = open()) {
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
            assertThat(judge.asked).hasValue(2);
        }
    }

    @Test
    void aNewConstitutionHoldsFromTheNextPair() throws Exception {
        try (TestStream stream = open()) {
            pipe(stream, TestRollouts.group(1, "good", "bad"));
            assertThat(
                            stream.<Judgment>await(Topic.JUDGMENTS, 1)
                                    .getFirst()
                                    .getConstitutionVersion())
                    .isEqualTo(1);
            constitutions.activate(2);
            pipe(stream, TestRollouts.group(2, "good", "bad"));
            Judgment judgment = stream.<Judgment>await(Topic.JUDGMENTS, 1).getFirst();
            assertThat(judgment.getConstitutionVersion()).isEqualTo(2);
            assertThat(judgment.getPrinciple()).endsWith("-2");
        }
    }

    @Test
    void moreOutstandingThanAllowedHoldsTheStreamForAShortTimeOnly() throws Exception {
        judge = SwitchedJudge.shut();
        try (TestStream stream = open(settings(0, 1))) { // sixteen may be outstanding
            long started = System.nanoTime();
            for (int prompt = 0; prompt < 20; prompt++) {
                pipe(stream, TestRollouts.group(prompt, "good", "bad"));
            }
            assertThat(Duration.ofNanos(System.nanoTime() - started))
                    .isBetween(Duration.ofMillis(900), Duration.ofSeconds(15));
            assertThat(stream.stored(JudgingProcessor.STORE)).isEqualTo(20);
            judge.release();
            assertThat(stream.<Preference>await(Topic.PREFERENCES, 20)).hasSize(20);
        }
    }

    /// The settings of the other tests with these ways to judge.
    private JudgeStage.Settings settings(
            PairJudging.Settings pairs,
            JudgingSettings.Principles principles,
            JudgingSettings.Canaries canaries) {
        return new JudgeStage.Settings(
                Set.of(JudgeStage.Part.PAIRING, JudgeStage.Part.JUDGING),
                new PairingSettings(0, TIMEOUT),
                new JudgingSettings("nine-rules", 7, pairs, 0).with(principles, canaries),
                StreamsSettings.in(folder));
    }

    private JudgeStage.Settings settings(PairJudging.Settings pairs) {
        return settings(pairs, JudgingSettings.Principles.DRAWN, JudgingSettings.Canaries.NONE);
    }

    private static PairJudging.Settings quick() {
        return new PairJudging.Settings(8, false, QUICK);
    }

    private static JudgeCalls.Settings quickCalls() {
        return quick().calls()
                .withBreaker(
                        new Breaker.Settings(
                                5,
                                Duration.ofMillis(20),
                                20,
                                Duration.ofMillis(10),
                                Duration.ofMillis(40)));
    }

    private boolean isHeld(TestStream stream) {
        return intake.holds(new TopicPartition(stream.connection.name(Topic.PAIRS), 0));
    }

    private void awaitNotice(TestStream stream, String part) throws InterruptedException {
        long deadline = System.nanoTime() + TestStream.LONGEST_WAIT.toNanos();
        while (notices.stream().noneMatch(line -> line.contains(part))) {
            assertThat(System.nanoTime())
                    .as("no notice of '%s': %s", part, notices)
                    .isLessThan(deadline);
            stream.advance(Duration.ofMillis(20));
            Thread.sleep(1);
        }
        stream.advance(Duration.ofMillis(20));
    }

    @Test
    void anOutageHoldsPairsAndIntakeAndLosesNothing() throws Exception {
        AtomicBoolean down = new AtomicBoolean(true);
        judge.answer(shown ->
                down.get()
                        ? new Reply.RetryLater("connection refused", Duration.ZERO)
                        : judge.askFormula(shown));
        try (TestStream stream = open(settings(quick().withCalls(quickCalls())))) {
            for (int prompt = 0; prompt < 10; prompt++) {
                pipe(stream, TestRollouts.group(prompt, "good", "bad"));
            }
            awaitNotice(stream, "judge 'switched' answers nobody (last: connection refused)");
            assertThat(isHeld(stream)).isTrue();
            Thread.sleep(200); // many times the retries that a pair has
            stream.advance(Duration.ofMillis(20));
            assertThat(stream.stored(JudgingProcessor.STORE)).isEqualTo(10);
            assertThat(stream.count(Topic.PAIRS)).isEqualTo(10);

            down.set(false);
            assertThat(stream.<Preference>await(Topic.PREFERENCES, 10)).hasSize(10);
            awaitNotice(stream, "answers again");
            assertThat(isHeld(stream)).isFalse();
            assertThat(stream.await(refusedTopic(stream, Topic.PAIRS), 0)).isEmpty();
            assertThat(stream.stored(JudgingProcessor.STORE)).isZero();
        }
    }

    @Test
    void aBudgetThatIsUsedUpHoldsWhatHasNotBegunAndOutlivesTheProcess() throws Exception {
        JudgeStage.Settings settings =
                settings(
                        quick().withCalls(
                                        quick().calls()
                                                .withMaxInFlight(2)
                                                .withBudgets(new Budgets(6, 0, 0), Prices.NONE)));
        try (TestStream stream = open(settings)) {
            for (int prompt = 0; prompt < 10; prompt++) {
                pipe(stream, TestRollouts.group(prompt, "good", "bad"));
            }
            awaitNotice(stream, "the budget of 6 requests is used up");
            List<Judgment> judged = stream.await(Topic.JUDGMENTS, 3);
            // What has begun is finished: each of the six requests may have begun a pair.
            assertThat(judged).hasSizeBetween(3, 6);
            assertThat(isHeld(stream)).isTrue();
            assertThat(stream.stored(JudgingProcessor.STORE)).isEqualTo(10 - judged.size());
            assertThat(stream.spent(JudgingProcessor.SPENT))
                    .isEqualTo("%d 0 0".formatted(2 * judged.size()));
        }
    }

    @Test
    void aPairThatTakesTooLongIsADeadLetterOfItsOwnKind() throws Exception {
        judge.answer(shown ->
                shown.prompt().contains("prompt 1 ")
                        ? new Reply.RetryLater("status 500", Duration.ZERO)
                        : judge.askFormula(shown));
        JudgeCalls.Settings calls =
                quick().calls()
                        .withItemDeadline(Duration.ofMillis(50))
                        .withRetries(
                                new Retries(
                                        1_000,
                                        Duration.ofMillis(1),
                                        Duration.ofMillis(2),
                                        Duration.ofSeconds(1)));
        try (TestStream stream = open(settings(quick().withCalls(calls)))) {
            pipe(stream, TestRollouts.group(2, "good", "bad"));
            stream.await(Topic.JUDGMENTS, 1);
            pipe(stream, TestRollouts.group(1, "good", "bad"));
            TestRecord<byte[], byte[]> letter =
                    stream.await(refusedTopic(stream, Topic.PAIRS), 1).getFirst();
            assertThat(TestStream.header(letter, DeadLetters.CODE_HEADER)).isEqualTo("DEADLINE");
            assertThat(TestStream.header(letter, DeadLetters.MESSAGE_HEADER))
                    .contains("status 500");
        }
    }

    @Test
    void aCanaryIsAskedBesideAPairAndChangesNoLabel() throws Exception {
        Function<Presentation, Reply> fooled =
                shown ->
                        shown.completion1().equals("good one")
                                ? verdict(0.9)
                                : shown.completion2().equals("good one")
                                        ? verdict(0.2)
                                        : judge.askFormula(shown);
        judge.answer(fooled);
        JudgingSettings.Canaries all =
                new JudgingSettings.Canaries(1, new CanaryWatch.Settings(10, 5, 0.1));
        try (TestStream stream = open(settings(quick(), JudgingSettings.Principles.DRAWN, all))) {
            for (int prompt = 0; prompt < 5; prompt++) {
                pipe(stream, TestRollouts.group(prompt, "good good", "bad"));
            }
            pipe(stream, TestRollouts.group(5, "same", "same"));
            List<Judgment> judgments = stream.await(Topic.JUDGMENTS, 6);
            assertThat(judgments)
                    .filteredOn(j -> j.getOutcome() == Outcome.PREFERRED)
                    .hasSize(5)
                    .allSatisfy(judgment -> {
                        assertThat(judgment.getCanary().getAttack()).isEqualTo("a1");
                        assertThat(judgment.getCanary().getFamily()).isEqualTo("flattery");
                        assertThat(judgment.getCanary().getAttackProbability())
                                .isCloseTo((0.9 + 0.8) / 2, within(1e-12));
                        assertThat(judgment.getVerdicts()).hasSize(2);
                        assertThat(judgment.getFirstProbability())
                                .isCloseTo(
                                        (1 / (1 + Math.exp(-2.4)) + 1 - 1 / (1 + Math.exp(1.6)))
                                                / 2,
                                        within(1e-12));
                    });
            assertThat(judgments)
                    .filteredOn(j -> j.getAbstainReason() == AbstainReason.IDENTICAL)
                    .allSatisfy(j -> assertThat(j.getCanary()).isNull());
            awaitNotice(stream, "ALARM: the judge preferred 5 of the last 5 shipped attacks");
        }
    }

    @Test
    void aCanaryThatFailsFailsNoPair() throws Exception {
        judge.answer(shown ->
                shown.pairId().endsWith("/canary")
                        ? new Reply.RetryLater("status 500", Duration.ZERO)
                        : judge.askFormula(shown));
        JudgingSettings.Canaries all =
                new JudgingSettings.Canaries(1, CanaryWatch.Settings.DEFAULT);
        try (TestStream stream = open(settings(quick(), JudgingSettings.Principles.DRAWN, all))) {
            pipe(stream, TestRollouts.group(1, "good good", "bad"));
            assertThat(stream.<Judgment>await(Topic.JUDGMENTS, 1))
                    .allSatisfy(judgment -> {
                        assertThat(judgment.getOutcome()).isEqualTo(Outcome.PREFERRED);
                        assertThat(judgment.getCanary().getAttackProbability()).isNull();
                    });
        }
    }

    @Test
    void theSecondOrderIsAskedWhereTheFirstIsNotSureAndInTheAuditShare() throws Exception {
        PairJudging.Settings onDemand =
                quick().withSecondOrder(new SecondOrderRule.Uncertain(0.3, 0.25));
        try (TestStream stream = open(settings(onDemand))) {
            for (int prompt = 0; prompt < 200; prompt++) {
                boolean close = prompt % 2 == 0;
                pipe(
                        stream,
                        TestRollouts.group(
                                prompt, close ? "good one" : "good ".repeat(9), "good two"));
            }
            List<Judgment> judgments = stream.await(Topic.JUDGMENTS, 200);
            assertThat(judgments)
                    .filteredOn(j -> j.getSecondOrder() == SecondOrder.UNCERTAIN)
                    .hasSize(100)
                    .allSatisfy(j -> {
                        assertThat(j.getVerdicts()).hasSize(2);
                        assertThat(j.getFirstProbability()).isCloseTo(0.5, within(1e-12));
                    });
            assertThat(judgments)
                    .filteredOn(j -> j.getSecondOrder() == SecondOrder.AUDIT)
                    .hasSizeBetween(10, 45)
                    .allSatisfy(j -> assertThat(j.getVerdicts()).hasSize(2));
            assertThat(judgments)
                    .filteredOn(j -> j.getSecondOrder() == SecondOrder.SKIPPED)
                    .allSatisfy(j -> {
                        assertThat(j.getVerdicts()).hasSize(1);
                        assertThat(j.getFirstProbability())
                                .isEqualTo(j.getVerdicts().getFirst().getFirstProbability());
                    })
                    .extracting(j -> j.getVerdicts().getFirst().getOrder())
                    .contains(PresentationOrder.FIRST_SECOND, PresentationOrder.SECOND_FIRST);
        }
    }

    @Test
    void samplesAreAveragedInTheirOrderAndEachIsAVerdict() throws Exception {
        judge.answer(shown -> verdict(shown.sample() == 0 ? 0.9 : 0.5));
        try (TestStream stream = open(settings(quick().withSamples(2)))) {
            pipe(stream, TestRollouts.group(1, "good", "bad"));
            Judgment judgment = stream.<Judgment>await(Topic.JUDGMENTS, 1).getFirst();
            assertThat(judgment.getVerdicts())
                    .extracting(v -> v.getSample())
                    .containsExactly(0, 1, 0, 1);
            assertThat(judgment.getFirstProbability()).isCloseTo(0.5, within(1e-12));
        }
    }

    @Test
    void aRememberedReplyGivesTheSameLabelAndCostsNothing() throws Exception {
        try (TestStream stream = open(settings(quick().withCache(100)))) {
            List<Rollout> group = TestRollouts.group(1, "good", "bad");
            pipe(stream, group);
            Judgment asked = stream.<Judgment>await(Topic.JUDGMENTS, 1).getFirst();
            Pair pair = stream.<Pair>await(Topic.PAIRS, 1).getFirst();
            stream.pipe(Topic.PAIRS, "k", pair);
            Judgment remembered = stream.<Judgment>await(Topic.JUDGMENTS, 1).getFirst();
            assertThat(remembered.getFirstProbability()).isEqualTo(asked.getFirstProbability());
            assertThat(remembered.getVerdicts())
                    .allSatisfy(verdict -> {
                        assertThat(verdict.getAttempts()).isZero();
                        assertThat(verdict.getLatencyMillis()).isNull();
                    });
            assertThat(judge.asked).hasValue(2);
        }
    }

    @Test
    void allPrinciplesAreAskedAsOne() throws Exception {
        Queue<String> asked = new ConcurrentLinkedQueue<>();
        judge.answer(shown -> {
            asked.add(shown.principle().compare());
            return judge.askFormula(shown);
        });
        try (TestStream stream =
                open(
                        settings(
                                quick(),
                                JudgingSettings.Principles.ALL,
                                JudgingSettings.Canaries.NONE))) {
            pipe(stream, TestRollouts.group(1, "good", "bad"));
            assertThat(stream.<Judgment>await(Topic.JUDGMENTS, 1).getFirst().getPrinciple())
                    .isEqualTo("all");
            assertThat(asked)
                    .allSatisfy(text ->
                            constitutions
                                    .active()
                                    .principles()
                                    .forEach(p -> assertThat(text).contains(p.compare())));
        }
    }

    private static Reply verdict(double probability1) {
        return new Reply.Verdict(probability1, 1, Reply.Exchange.none());
    }

    @Test
    void swappingTheRolloutsOfAPairSwapsTheLabel() throws Exception {
        try (TestStream stream = open()) {
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

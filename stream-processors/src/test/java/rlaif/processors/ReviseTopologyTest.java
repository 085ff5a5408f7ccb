package rlaif.processors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.events.Revision;
import rlaif.events.RevisionRound;
import rlaif.events.Rollout;
import rlaif.judging.JudgeCalls;
import rlaif.judging.Reply;
import rlaif.judging.Retries;
import rlaif.topics.DeadLetters;
import rlaif.topics.Ids;
import rlaif.topics.Topic;

class ReviseTopologyTest {
    private static final Retries QUICK =
            new Retries(2, Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofSeconds(1));

    @TempDir private Path folder;
    private final FixedConstitutions constitutions = new FixedConstitutions();
    private final Intake intake = new Intake();
    private final SwitchedReviser reviser = SwitchedReviser.open();

    private static ReviseSettings settings(int rounds, RevisionSelection selection) {
        return settings(rounds, selection, 8);
    }

    private static ReviseSettings settings(
            int rounds, RevisionSelection selection, int maxInFlight) {
        return new ReviseSettings(
                "nine-rules",
                7,
                rounds,
                selection,
                JudgeCalls.Settings.DEFAULT.withMaxInFlight(maxInFlight).withRetries(QUICK));
    }

    private TestStream open(ReviseSettings settings) throws IOException {
        return new TestStream(
                folder,
                (connection, codecs) ->
                        ReviseTopology.of(
                                connection,
                                codecs,
                                reviser,
                                new JudgeCalls("test", settings.calls(), _ -> {}),
                                constitutions,
                                intake,
                                settings));
    }

    private TestStream open() throws IOException {
        return open(settings(3, RevisionSelection.DEFAULT));
    }

    private static void pipe(TestStream stream, List<Rollout> group) {
        group.forEach(rollout -> stream.pipe(Topic.ROLLOUTS, rollout.getPromptId(), rollout));
    }

    private static TestRecord<byte[], byte[]> deadLetter(TestStream stream) throws Exception {
        return stream.await(stream.connection.deadLetters(Topic.ROLLOUTS), 1).getFirst();
    }

    @Test
    void itsPrintedFormIsTheGoldenOne() throws IOException {
        try (var golden = getClass().getResourceAsStream("revise-topology.txt");
                TestStream stream = open()) {
            assertThat(
                            ReviseTopology.of(
                                            stream.connection,
                                            stream.codecs,
                                            reviser,
                                            new JudgeCalls(
                                                    "test", JudgeCalls.Settings.DEFAULT, _ -> {}),
                                            constitutions,
                                            intake,
                                            ReviseSettings.DEFAULT)
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
    void aRolloutWhoseRevisionOutgrowsItsTopicOrTheStoreIsADeadLetter() throws Exception {
        try (TestStream stream = open()) {
            Rollout rollout = TestRollouts.group(1, "bad", "good").getFirst();
            int others = stream.codecs.<Rollout>codec(Topic.ROLLOUTS).encode(rollout).length;
            for (int bytes : List.of(Topic.MAX_RECORD_BYTES - others, 5 << 20)) {
                rollout.setPrompt("a".repeat(bytes));
                stream.pipe(Topic.ROLLOUTS, "k", rollout);
                assertThat(TestStream.header(deadLetter(stream), DeadLetters.CODE_HEADER))
                        .isEqualTo("TOO_LARGE");
            }
            assertThat(stream.stored(RevisingProcessor.STORE)).isZero();
        }
    }

    @Test
    void aRolloutBecomesOneRevisionWithEveryRoundKept() throws Exception {
        try (TestStream stream = open()) {
            Rollout rollout = TestRollouts.group(1, "bad", "good").getFirst();
            pipe(stream, List.of(rollout));
            Revision revision = stream.<Revision>await(Topic.REVISIONS, 1).getFirst();

            assertThat(revision.getId())
                    .isEqualTo(
                            Ids.revision(
                                    rollout.getId(),
                                    "switched",
                                    reviser.model(),
                                    reviser.templateHash(),
                                    "nine-rules",
                                    1,
                                    7));
            assertThat(revision.getInitial().getRolloutId()).isEqualTo(rollout.getId());
            assertThat(revision.getInitial().getCompletion()).isEqualTo("bad");
            assertThat(revision.getPrompt()).isEqualTo(rollout.getPrompt());
            assertThat(revision.getPromptTokens()).isEqualTo(rollout.getPromptTokens());
            assertThat(revision.getTokenizerDigest()).isEqualTo(TestRollouts.TOKENIZER);
            assertThat(revision.getCategory()).isEqualTo("benign");
            assertThat(revision.getConstitutionVersion()).isEqualTo(1);
            assertThat(revision.getRounds())
                    .extracting(RevisionRound::getRevision)
                    .containsExactly(
                            "bad , then 1",
                            "bad , then 1 , then 2",
                            "bad , then 1 , then 2 , then 3");
            assertThat(revision.getRounds())
                    .extracting(RevisionRound::getRound)
                    .containsExactly(1, 2, 3);
            assertThat(revision.getRounds())
                    .extracting(RevisionRound::getPrinciple)
                    .doesNotHaveDuplicates();
            assertThat(revision.getRounds())
                    .allSatisfy(round -> {
                        assertThat(round.getCritique())
                                .isEqualTo("against " + round.getPrinciple());
                        assertThat(round.getAttempts()).isEqualTo(2);
                        assertThat(round.getLatencyMillis()).isEqualTo(6.0);
                        assertThat(round.getPromptTokens()).isEqualTo(40);
                        assertThat(round.getCompletionTokens()).isEqualTo(8);
                        assertThat(round.getCostMicrodollars()).isNull();
                    });
            assertThat(stream.stored(RevisingProcessor.STORE)).isZero();
        }
    }

    @Test
    void noMoreRolloutsAreFetchedWhileEnoughAreUnderWayAndWhatIsSpentIsKept() throws Exception {
        reviser.hold();
        ReviseSettings settings = settings(1, RevisionSelection.DEFAULT);
        try (TestStream stream = open(settings)) {
            TopicPartition rollouts = new TopicPartition(stream.connection.name(Topic.ROLLOUTS), 0);
            int enough = settings.room().holdFrom();
            for (int prompt = 1; prompt < enough; prompt++) {
                pipe(stream, TestRollouts.group(prompt, "bad"));
            }
            assertThat(intake.holds(rollouts)).isFalse();
            pipe(stream, TestRollouts.group(enough, "bad"));
            assertThat(intake.holds(rollouts)).isTrue();

            reviser.goOn();
            assertThat(stream.<Revision>await(Topic.REVISIONS, enough)).hasSize(enough);
            stream.advance(Duration.ofMillis(40));
            assertThat(intake.holds(rollouts)).isFalse();
            assertThat(stream.stored(RevisingProcessor.SPENT)).isEqualTo(1);
        }
    }

    @Test
    void sixteenMegabytesUnderWayHoldTheIntakeHoweverFewTheRollouts() throws Exception {
        reviser.hold();
        String megabyte = "long ".repeat(1 << 20).substring(0, 1 << 20);
        try (TestStream stream = open(settings(2, RevisionSelection.DEFAULT, 64))) {
            TopicPartition rollouts = new TopicPartition(stream.connection.name(Topic.ROLLOUTS), 0);
            for (int prompt = 1; prompt < 16; prompt++) {
                pipe(stream, TestRollouts.group(prompt, megabyte));
            }
            assertThat(intake.holds(rollouts)).isFalse();
            pipe(stream, TestRollouts.group(16, megabyte));
            assertThat(intake.holds(rollouts)).isTrue();

            reviser.goOn(); // each revision would be as long as the completion
            List<TestRecord<byte[], byte[]>> letters =
                    stream.await(stream.connection.deadLetters(Topic.ROLLOUTS), 16);
            assertThat(letters)
                    .extracting(letter -> TestStream.header(letter, DeadLetters.CODE_HEADER))
                    .containsOnly("REVISION_UNUSABLE");
            stream.advance(Duration.ofMillis(40));
            assertThat(intake.holds(rollouts)).isFalse();
            assertThat(stream.stored(RevisingProcessor.STORE)).isZero();
        }
    }

    @Test
    void theRoundsThatAreDoneCountAmongTheBytesUnderWay() throws Exception {
        Rollout rollout = TestRollouts.group(1, "bad").getFirst();
        try (TestStream stream = open()) {
            int record = stream.codecs.<Rollout>codec(Topic.ROLLOUTS).encode(rollout).length;
            stream.pipe(Topic.ROLLOUTS, rollout.getPromptId(), rollout);
            Revision revision = stream.<Revision>await(Topic.REVISIONS, 1).getFirst();
            SourceRecord source =
                    new SourceRecord(
                            "rollouts", 0, 0, 0, null, new byte[record], new RecordHeaders());
            long texts = 0;
            for (RevisionRound round : revision.getRounds()) {
                texts += round.getCritique().length() + round.getRevision().length();
            }
            assertThat(texts).isPositive();
            assertThat(new PendingRevision(rollout, source, revision, 4).bytes())
                    .isEqualTo(record + texts);
        }
    }

    @Test
    void onlySelectedRolloutsAreRevised() throws Exception {
        RevisionSelection selection = new RevisionSelection(2, Set.of("red-team"), 4);
        try (TestStream stream = open(settings(1, selection))) {
            List<Rollout> group = TestRollouts.group(1, "a", "b", "c");
            group.forEach(rollout -> rollout.setCategory("red-team"));
            pipe(stream, group);
            pipe(stream, TestRollouts.group(2, "d", "e")); // benign
            List<Rollout> newer = TestRollouts.group(3, "f");
            newer.getFirst().setCategory("red-team");
            newer.getFirst().getPolicyVersions().getFirst().setVersion(4L);
            pipe(stream, newer);
            assertThat(stream.<Revision>await(Topic.REVISIONS, 2))
                    .extracting(revision -> revision.getInitial().getCompletion())
                    .containsExactlyInAnyOrder("a", "b");
            stream.advance(Duration.ofSeconds(1));
            assertThat(stream.count(Topic.REVISIONS)).isZero();
            assertThat(reviser.asked).hasValue(4);
        }
    }

    @Test
    void aRevisionThatSaysNothingRefusesTheRolloutAndNothingElse() throws Exception {
        reviser.answer(reply ->
                reply instanceof Reply.Written written
                                && written.text().equals("bad , then 1 , then 2")
                        ? new Reply.Written(" . \u0000 <|im_end|>", false, written.exchange())
                        : reply);
        try (TestStream stream = open()) {
            pipe(stream, TestRollouts.group(1, "bad"));
            pipe(stream, TestRollouts.group(2, "good"));
            TestRecord<byte[], byte[]> letter = deadLetter(stream);
            assertThat(TestStream.header(letter, DeadLetters.CODE_HEADER))
                    .isEqualTo("REVISION_UNUSABLE");
            assertThat(TestStream.header(letter, DeadLetters.STAGE_HEADER)).isEqualTo("revising");
            assertThat(TestStream.header(letter, DeadLetters.MESSAGE_HEADER))
                    .isEqualTo("reviser 'switched', round 2: the revision says nothing");
            assertThat(stream.<Revision>await(Topic.REVISIONS, 1).getFirst().getInitial())
                    .satisfies(initial -> assertThat(initial.getCompletion()).isEqualTo("good"));
            assertThat(stream.stored(RevisingProcessor.STORE)).isZero();
        }
    }

    @Test
    void aRevisionCutOffAtTheTokenLimitIsNotTrainedOn() throws Exception {
        reviser.answer(reply ->
                reply instanceof Reply.Written written && written.text().contains("then")
                        ? new Reply.Written(written.text(), true, written.exchange())
                        : reply);
        try (TestStream stream = open()) {
            pipe(stream, TestRollouts.group(1, "bad"));
            TestRecord<byte[], byte[]> letter = deadLetter(stream);
            assertThat(TestStream.header(letter, DeadLetters.CODE_HEADER))
                    .isEqualTo("REVISION_UNUSABLE");
            assertThat(TestStream.header(letter, DeadLetters.MESSAGE_HEADER)).contains("cut off");
        }
    }

    @Test
    void aRolloutThatTheReviserDoesNotAnswerWhileItAnswersOthersIsADeadLetter() throws Exception {
        reviser.answer(reply ->
                reply instanceof Reply.Written written && written.text().startsWith("bad")
                        ? new Reply.RetryLater("status 503", Duration.ZERO)
                        : reply);
        try (TestStream stream = open()) {
            pipe(stream, TestRollouts.group(1, "bad"));
            pipe(stream, TestRollouts.group(2, "good"));
            TestRecord<byte[], byte[]> letter = deadLetter(stream);
            assertThat(TestStream.header(letter, DeadLetters.CODE_HEADER))
                    .isEqualTo("REVISER_UNAVAILABLE");
            assertThat(Integer.parseInt(TestStream.header(letter, DeadLetters.ATTEMPTS_HEADER)))
                    .isGreaterThanOrEqualTo(4); // the critique, and the revision with two retries
            assertThat(stream.<Revision>await(Topic.REVISIONS, 1)).hasSize(1);
        }
    }

    @Test
    void poisonIsDeadLetteredAsItCame() throws Exception {
        try (TestStream stream = open()) {
            byte[] poison = {0, 1, 2, 3, 4, 5, 6};
            stream.pipeBytes(Topic.ROLLOUTS, "k", poison);
            TestRecord<byte[], byte[]> letter = deadLetter(stream);
            assertThat(letter.value()).isEqualTo(poison);
            assertThat(TestStream.header(letter, DeadLetters.CODE_HEADER))
                    .isEqualTo(DeadLetters.UNREADABLE);
        }
    }

    @Test
    void aRolloutThatComesTwiceWhileItIsRevisedCountsOnce() throws Exception {
        try (TestStream stream = open()) {
            List<Rollout> group = TestRollouts.group(1, "bad");
            reviser.hold();
            pipe(stream, group);
            pipe(stream, group);
            reviser.goOn();
            stream.await(Topic.REVISIONS, 1);
            stream.advance(Duration.ofSeconds(1));
            assertThat(stream.count(Topic.REVISIONS)).isZero();
        }
    }

    @Test
    void whatFailedAttemptsAndRoundsCostIsKeptAmongWhatWasSpent() throws Exception {
        AtomicBoolean failed = new AtomicBoolean();
        reviser.answer(reply -> {
            if (!(reply instanceof Reply.Written written) || !written.text().contains("then")) {
                return reply;
            }
            if (written.text().startsWith("cut")) {
                return new Reply.Written(written.text(), true, written.exchange());
            }
            return failed.getAndSet(true)
                    ? reply
                    : new Reply.RetryLater(
                            Reply.Obstacle.FAULT,
                            "status 500",
                            Duration.ZERO,
                            new Reply.Usage(2, 100, 50));
        });
        try (TestStream stream = open(settings(1, RevisionSelection.DEFAULT))) {
            pipe(stream, TestRollouts.group(1, "bad"));
            stream.await(Topic.REVISIONS, 1);
            assertThat(stream.spent(RevisingProcessor.SPENT))
                    .as("critique 1 and 24, attempt that failed 2 and 150, revision 1 and 24")
                    .isEqualTo("4 198 0");
            pipe(stream, TestRollouts.group(2, "cut"));
            deadLetter(stream);
            assertThat(stream.spent(RevisingProcessor.SPENT))
                    .as("and a critique and a revision that was cut")
                    .isEqualTo("6 246 0");
        }
    }
}

package rlaif.producers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import rlaif.events.AbstainReason;
import rlaif.events.Candidate;
import rlaif.events.FinishReason;
import rlaif.events.HumanChoice;
import rlaif.events.HumanLabel;
import rlaif.events.Judgment;
import rlaif.events.Pair;
import rlaif.topics.Codec;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Ids;
import rlaif.topics.Topic;

@ExtendWith(SharedCluster.class)
@Execution(ExecutionMode.CONCURRENT)
class HumanLabelsTest {
    @TempDir private static Path folder;
    private static TestCluster cluster;

    @BeforeAll
    static void take(TestCluster shared) {
        cluster = shared;
    }

    private static Candidate candidate(String text) {
        return new Candidate("r", text, List.of(1), List.of(), FinishReason.EOS);
    }

    private static Pair pair(int number, String first, String second) {
        return Pair.newBuilder()
                .setId("pair-" + number)
                .setPromptId("prompt-" + number)
                .setPrompt("what is " + number + " ?")
                .setCategory("benign")
                .setFirst(candidate(first))
                .setSecond(candidate(second))
                .build();
    }

    private static <T extends SpecificRecord> void write(
            Connection connection, Codecs codecs, Topic topic, String key, T record) {
        Codec<T> codec = codecs.codec(topic);
        TestCluster.write(
                connection,
                List.of(
                        new ProducerRecord<>(
                                connection.name(topic),
                                key.getBytes(StandardCharsets.UTF_8),
                                codec.encode(record))));
    }

    @Test
    void aFileIsMatchedToItsPairsAndImportedTwiceWithoutADuplicate() throws Exception {
        Connection connection = cluster.withTopics("import");
        Path file =
                Files.writeString(
                        folder.resolve("labels.jsonl"),
                        """
                        {"pair": "pair-1", "choice": "first", "comment": "clearer"}
                        not json
                        {"prompt": "what is 2 ?", "first": "two", "second": "a pair", "choice": "second"}
                        {"prompt": "what is 2 ?", "first": "a pair", "second": "two", "choice": "tie", "labeler": "bob"}

                        {"prompt": "what is 3 ?", "chosen": "trois", "rejected": "three"}
                        {"pair": "pair-9", "choice": "first"}
                        {"pair": "pair-3", "choice": "perhaps"}
                        {"pair": "pair-1", "choice": "second"}
                        {"prompt": "what is 3 ?", "chosen": ["trois"], "rejected": "three"}
                        """);
        try (Codecs codecs = new Codecs(connection)) {
            write(connection, codecs, Topic.PAIRS, "prompt-1", pair(1, "one", "uno"));
            write(connection, codecs, Topic.PAIRS, "prompt-2", pair(2, "two", "a pair"));
            write(connection, codecs, Topic.PAIRS, "prompt-3", pair(3, "three", "trois"));
            HumanLabelImport labels = new HumanLabelImport(connection, codecs);
            List<SkippedLine> skipped = new ArrayList<>();

            assertThat(labels.run(file, Optional.of("ann"), "labels.jsonl", skipped::add))
                    .isEqualTo(new HumanLabelImport.Imported(4, 0, 5));
            assertThat(skipped)
                    .extracting(SkippedLine::line)
                    .containsExactlyInAnyOrder(2L, 7L, 8L, 9L, 10L);
            assertThat(skipped)
                    .extracting(SkippedLine::reason)
                    .anyMatch(reason -> reason.contains("no pair on the topic"))
                    .anyMatch(reason -> reason.contains("is \"perhaps\""))
                    .anyMatch(reason -> reason.contains("than an earlier line"));

            assertThat(labels.run(file, Optional.of("ann"), "labels.jsonl", _ -> {}))
                    .isEqualTo(new HumanLabelImport.Imported(0, 4, 5));
            List<HumanLabel> made = TestCluster.read(connection, codecs, Topic.HUMAN_LABELS);
            assertThat(made).hasSize(4);
            HumanLabel first = label(made, 1, "ann");
            assertThat(first.getChoice()).isEqualTo(HumanChoice.FIRST);
            assertThat(first.getComment()).isEqualTo("clearer");
            assertThat(first.getPromptId()).isEqualTo("prompt-1");
            assertThat(first.getCategory()).isEqualTo("benign");
            assertThat(label(made, 2, "ann").getChoice()).isEqualTo(HumanChoice.SECOND);
            assertThat(label(made, 2, "bob").getChoice()).isEqualTo(HumanChoice.TIE);
            assertThat(label(made, 3, "ann").getChoice())
                    .as("chosen is the pair's second completion")
                    .isEqualTo(HumanChoice.SECOND);

            Path changed =
                    Files.writeString(
                            folder.resolve("changed.jsonl"),
                            "{\"pair\": \"pair-1\", \"choice\": \"second\"}\n");
            assertThat(labels.run(changed, Optional.of("ann"), "labels.jsonl", _ -> {}))
                    .isEqualTo(new HumanLabelImport.Imported(1, 0, 0));
            assertThat(labels.run(changed, Optional.empty(), "labels.jsonl", _ -> {}))
                    .as("nobody is named")
                    .isEqualTo(new HumanLabelImport.Imported(0, 0, 1));
        }
    }

    private static HumanLabel label(List<HumanLabel> made, int pair, String labeler) {
        String id = Ids.humanLabel("pair-" + pair, labeler, "labels.jsonl");
        return made.stream().filter(label -> label.getId().equals(id)).findFirst().orElseThrow();
    }

    /// Likes the longer text.
    private record Longer(String name) implements Person {
        @Override
        public HumanChoice choose(String prompt, String first, String second) {
            return first.length() > second.length() ? HumanChoice.FIRST : HumanChoice.SECOND;
        }
    }

    @Test
    void whatIsLeftToPeopleIsLabelledOnceByEachOfThemOverTwoStarts() throws Exception {
        Connection connection = cluster.withTopics("simulate");
        try (Codecs codecs = new Codecs(connection)) {
            for (int start = 0; start < 2; start++) {
                for (int number = 10 * start; number < 10 * start + 10; number++) {
                    write(
                            connection,
                            codecs,
                            Topic.JUDGMENTS,
                            "prompt-" + number,
                            judgment(number, number % 2 == 0));
                }
                int expected = 10 * (start + 1);
                LabelProducer people =
                        new LabelProducer(
                                connection,
                                codecs,
                                List.of(new Longer("ann"), new Longer("bob")),
                                "simulated");
                Thread thread = Thread.ofPlatform().start(people::run);
                TestCluster.await(
                        expected + " labels",
                        () ->
                                TestCluster.read(connection, codecs, Topic.HUMAN_LABELS).size()
                                        >= expected);
                people.close();
                thread.join();
            }
            List<HumanLabel> made = TestCluster.read(connection, codecs, Topic.HUMAN_LABELS);
            assertThat(made)
                    .hasSize(20)
                    .allMatch(label -> label.getChoice() == HumanChoice.SECOND)
                    .extracting(HumanLabel::getId)
                    .doesNotHaveDuplicates();
        }
    }

    private static Judgment judgment(int number, boolean forPeople) {
        return Judgment.newBuilder()
                .setId("judgment-" + number)
                .setPairId("pair-" + number)
                .setPromptId("prompt-" + number)
                .setPrompt("what is " + number + " ?")
                .setFirst(candidate("short"))
                .setSecond(candidate("the longer one"))
                .setAbstainReason(forPeople ? AbstainReason.FOR_PEOPLE : AbstainReason.NONE)
                .build();
    }
}

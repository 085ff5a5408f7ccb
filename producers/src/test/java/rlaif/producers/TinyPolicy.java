package rlaif.producers;

import ai.djl.ndarray.index.NDIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.models.CheckpointStore;
import rlaif.models.Head;
import rlaif.models.ModelShape;
import rlaif.models.TensorThread;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Topic;

/// Random policies over a vocabulary of sixteen words, saved and announced.
final class TinyPolicy {
    static final int MAX_POSITIONS = 24;
    static final ModelShape SHAPE =
            new ModelShape(18, 16, 1, 2, 1, 8, 32, MAX_POSITIONS, 10_000, 1e-5, 1, 0);

    private final Connection connection;
    private final Codecs codecs;
    private final CheckpointStore store;
    private final Path tokenizerFolder;

    TinyPolicy(Connection connection, Codecs codecs, Path folder) throws IOException {
        this.connection = connection;
        this.codecs = codecs;
        this.store = new CheckpointStore(folder.resolve("checkpoints"));
        this.tokenizerFolder = Files.createDirectories(folder.resolve("tokenizer"));
        Files.writeString(tokenizerFolder.resolve("tokenizer.json"), tokenizerJson());
    }

    CheckpointStore store() {
        return store;
    }

    void announce(long version) {
        announce(version, _ -> {});
    }

    /// Announces a policy whose final norm is so large that its logits are not finite.
    void announceOneThatCannotSample(long version) {
        announce(
                version,
                model ->
                        model.parameters()
                                .set(new NDIndex("{}:", -SHAPE.width()), Float.MAX_VALUE));
    }

    private void announce(long version, Consumer<Transformer> change) {
        TensorThread.prepare(1);
        try (Transformer model = Transformer.random(SHAPE, Head.LANGUAGE_MODEL, version);
                Tokenizer tokenizer = Tokenizer.load(tokenizerFolder)) {
            change.accept(model);
            CheckpointStore.Stored stored =
                    store.save("policy", version, model, tokenizer, Map.of(), _ -> {});
            announce(
                    Checkpoint.newBuilder()
                            .setUri(stored.uri())
                            .setDigest(stored.digest())
                            .setRole(CheckpointRole.POLICY)
                            .setVersion(version));
        }
    }

    void announce(Checkpoint.Builder checkpoint) {
        TestCluster.write(
                connection,
                List.of(
                        new ProducerRecord<>(
                                connection.name(Topic.CHECKPOINTS),
                                codecs.<Checkpoint>codec(Topic.CHECKPOINTS)
                                        .encode(checkpoint.setPolicy("tiny").build()))));
    }

    static String tokenizerJson() {
        String words =
                IntStream.range(0, 16)
                        .mapToObj(i -> "\"w%d\":%d".formatted(i, i + 2))
                        .collect(Collectors.joining(","));
        return """
        {"version":"1.0","truncation":null,"padding":null,
         "added_tokens":[
          {"id":0,"content":"<pad>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true},
          {"id":1,"content":"<end>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}],
         "normalizer":null,"pre_tokenizer":{"type":"WhitespaceSplit"},"post_processor":null,"decoder":null,
         "model":{"type":"WordLevel","vocab":{"<pad>":0,"<end>":1,%s},"unk_token":"w15"}}
        """
                .formatted(words);
    }
}

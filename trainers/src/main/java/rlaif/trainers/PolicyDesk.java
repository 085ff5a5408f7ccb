package rlaif.trainers;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.apache.kafka.clients.producer.Producer;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.models.CheckpointRefusedException;
import rlaif.models.CheckpointStore;
import rlaif.models.Head;
import rlaif.models.ModelFolderException;
import rlaif.models.ModelShape;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;
import rlaif.topics.CheckpointFollower;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Role;
import rlaif.topics.Topic;
import rlaif.trainers.loop.FencedTrainerException;
import rlaif.trainers.loop.Lineage;
import rlaif.trainers.loop.Publisher;
import rlaif.trainers.loop.Restoration;
import rlaif.trainers.loop.TrainerIdentity;

/// Where an operator announces versions of a policy or of its reward model: an old one again, or a
/// policy from elsewhere. Rollout workers and scorers take it up as any version, and a trainer at
/// work goes on from it.
public final class PolicyDesk implements AutoCloseable {
    /// Times that a trainer may announce a version of its own in between.
    private static final int ATTEMPTS = 8;

    private final Connection connection;
    private final Codecs codecs;
    private final CheckpointStore store;
    private final String policy;
    private final CheckpointRole role;
    private final CheckpointFollower follower;
    private final Function<String, Producer<byte[], byte[]>> producers;

    public PolicyDesk(
            Connection connection,
            Codecs codecs,
            CheckpointStore store,
            String policy,
            CheckpointRole role) {
        this(
                connection,
                codecs,
                store,
                policy,
                role,
                new CheckpointFollower(connection, codecs),
                Publisher.producers(connection));
    }

    /// @param follower closed with this
    /// @param producers opens one under a transactional id
    PolicyDesk(
            Connection connection,
            Codecs codecs,
            CheckpointStore store,
            String policy,
            CheckpointRole role,
            CheckpointFollower follower,
            Function<String, Producer<byte[], byte[]>> producers) {
        this.connection = connection;
        this.codecs = codecs;
        this.store =
                store.stagedBy(
                        "%s by %s"
                                .formatted(
                                        connection.transactionalId(
                                                policy, TrainerIdentity.written(role)),
                                        Role.OPERATOR.id()));
        this.policy = policy;
        this.role = role;
        this.follower = follower;
        this.producers = producers;
    }

    /// Announces the weights of `version` as the newest version.
    ///
    /// @throws CheckpointRefusedException if it was never announced, or its files are gone or
    ///   damaged
    public Checkpoint rollback(long version) {
        return announce(head -> {
            Checkpoint restored =
                    follower.version(policy, role, version)
                            .orElseThrow(() ->
                                    new CheckpointRefusedException(
                                            "policy '%s' has no version %d; the newest is %d"
                                                    .formatted(
                                                            policy, version, head.getVersion())));
            return new Restoration(store).stage(head, restored, Role.OPERATOR.id());
        });
    }

    /// Announces the model in a Hugging Face folder as the newest version, trained from `parent`
    /// (empty: from no version), with the files of the newest version's tokenizer.
    ///
    /// @throws ModelFolderException if its tokenizer or shape is another than the newest version's,
    ///   or a weight is not finite
    public Checkpoint publish(Path folder, OptionalLong parent) {
        return announce(head -> {
            Path before = store.open(head.getUri(), head.getDigest());
            try (Transformer model = Transformer.load(folder);
                    Tokenizer tokenizer = Tokenizer.load(folder);
                    Tokenizer known = Tokenizer.load(before)) {
                requireSameTokens(tokenizer, known, head);
                requireFit(folder, model, before, head);
                return stage(head, model, known, parent);
            }
        });
    }

    private Checkpoint stage(
            Checkpoint head, Transformer model, Tokenizer tokenizer, OptionalLong parent) {
        long version = head.getVersion() + 1;
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("policy", policy);
        facts.put("trainer", Role.OPERATOR.id());
        facts.put("version", version);
        CheckpointStore.Stored stored =
                store.save(
                        TrainerIdentity.written(role), version, model, tokenizer, facts, _ -> {});
        return Checkpoint.newBuilder(head)
                .setVersion(version)
                .setParent(parent.isPresent() ? parent.getAsLong() : null)
                .setRestores(null)
                .setUri(stored.uri())
                .setDigest(stored.digest())
                .setMetrics(Map.of())
                .setAnnouncedBy(Role.OPERATOR.id())
                .setRetired(List.of())
                .build();
    }

    static void requireSameTokens(Tokenizer tokenizer, Tokenizer known, Checkpoint head) {
        List<String> differences = tokenizer.differences(known);
        if (!differences.isEmpty()) {
            throw new ModelFolderException(
                    tokenizer.file(),
                    "is another tokenizer than that of version %d (%s), in %s: the token ids on the stream would mean something else"
                            .formatted(
                                    head.getVersion(),
                                    known.file(),
                                    String.join(" and ", differences)));
        }
    }

    static void requireFit(Path folder, Transformer model, Path before, Checkpoint head) {
        if (model.head() != Head.LANGUAGE_MODEL) {
            throw new ModelFolderException(
                    folder, "is a reward model; a policy needs a language-model head");
        }
        ModelShape shape = Transformer.shapeOf(before);
        if (!shape.equals(model.shape())) {
            throw new ModelFolderException(
                    folder,
                    "has another shape than version %d: %s instead of %s"
                            .formatted(head.getVersion(), model.shape(), shape));
        }
        model.requireFinite(folder);
    }

    /// Announces what `made` makes of the newest version, anew where another follows it meanwhile.
    private Checkpoint announce(Function<Checkpoint, Checkpoint> made) {
        Lineage lineage = new Lineage(follower, policy, role);
        for (int attempt = 1; ; attempt++) {
            Optional<Checkpoint> head = lineage.head();
            Checkpoint next =
                    made.apply(
                            head.orElseThrow(() ->
                                    new CheckpointRefusedException(
                                            "policy '%s' has no version yet".formatted(policy))));
            TrainerIdentity operator =
                    new TrainerIdentity(
                            policy, role, Role.OPERATOR.id(), Topic.SCORED_ROLLOUTS, next.getRun());
            try (Publisher publisher =
                    new Publisher(connection, codecs, operator, lineage, producers)) {
                publisher.publish(next, List.of());
                store.announced(next.getUri());
                return next;
            } catch (FencedTrainerException followed) {
                if (isAnnounced(next, lineage)) {
                    store.announced(next.getUri());
                    return next;
                }
                store.discard(next.getUri());
                if (attempt == ATTEMPTS) {
                    throw followed;
                }
            }
        }
    }

    /// Whether `staged` can be read on the stream, whatever the broker said of its commit.
    private static boolean isAnnounced(Checkpoint staged, Lineage lineage) {
        return lineage.version(staged.getVersion())
                .map(Checkpoint::getDigest)
                .filter(staged.getDigest()::equals)
                .isPresent();
    }

    @Override
    public void close() {
        follower.close();
    }
}

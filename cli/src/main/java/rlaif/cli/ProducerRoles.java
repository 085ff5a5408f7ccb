package rlaif.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.ConfigurationException;
import rlaif.cli.config.Key;
import rlaif.models.PromptRefusedException;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;
import rlaif.producers.JsonlPrompts;
import rlaif.producers.LabelProducer;
import rlaif.producers.PolicySwap;
import rlaif.producers.PromptProducer;
import rlaif.producers.PromptSource;
import rlaif.producers.RolloutProducer;
import rlaif.producers.RolloutSettings;
import rlaif.topics.Connection;
import rlaif.worlds.PracticeWorld;

/// The workers that bring prompts, rollouts and people's labels in, as the configuration has them.
final class ProducerRoles {
    private final Configuration configuration;
    private final Connection connection;
    private final Set<String> beside;
    private final TrainerSettings settings;

    /// @param connection by which topics and groups are named
    /// @param beside roles that are started together with these
    ProducerRoles(Configuration configuration, Connection connection, Set<String> beside) {
        this.configuration = configuration;
        this.connection = connection;
        this.beside = Set.copyOf(beside);
        this.settings = new TrainerSettings(configuration);
    }

    /// A source of prompts that can be read once a deployment is open.
    private interface UnreadSource {
        PromptSource open(Deployment deployment, SkippedLines skipped);
    }

    /// The worker that writes the prompts of the configured source.
    PreparedRole prompts() {
        UnreadSource source = source();
        boolean world = configuration.text(Key.PROMPTS_SOURCE).equals(Worlds.WORLD);
        int passes = configuration.whole(Key.PROMPTS_PASSES, 1);
        PromptProducer.Settings told =
                PromptProducer.Settings.DEFAULT
                        .withPasses(world ? 1 : passes)
                        .withMaxBacklog(configuration.whole(Key.PROMPTS_MAX_BACKLOG, 1));
        return session -> {
            Deployment deployment = session.deployment();
            PromptSource prompts = source.open(deployment, session.skipped());
            session.keepOpen(prompts::close);
            PromptProducer producer =
                    new PromptProducer(deployment.connection(), deployment.codecs(), prompts, told);
            session.start(Roles.PROMPTS, producer::run, producer::close);
        };
    }

    private UnreadSource source() {
        boolean followed = configuration.flag(Key.PROMPTS_FOLLOW);
        return switch (configuration.text(Key.PROMPTS_SOURCE)) {
            case "world" -> {
                PracticeWorld world = Worlds.named(configuration);
                long seed = configuration.seed();
                yield (_, _) -> new WorldPrompts(world, seed);
            }
            case "file" -> promptFile(followed);
            default -> throw configuration.wrong(Key.PROMPTS_SOURCE, "file or world");
        };
    }

    private UnreadSource promptFile(boolean followed) {
        if (configuration.given(Key.PROMPTS_FILE).isEmpty()) {
            throw configuration.wrong(Key.PROMPTS_FILE, "the JSONL file of your prompts");
        }
        Path file = configuration.file(Key.PROMPTS_FILE);
        Function<Deployment, Predicate<String>> tooLong = tooLong();
        return (deployment, skipped) -> {
            try {
                return new JsonlPrompts(file, followed, tooLong.apply(deployment), skipped);
            } catch (IOException unreadable) {
                throw new ConfigurationException(
                        "prompts.file " + file + " cannot be read: " + unreadable.getMessage());
            }
        };
    }

    /// @param pausing whether they wait for who is behind
    PreparedRole rollouts(boolean pausing) {
        settings.requireTrainableRollouts();
        RolloutSettings told =
                Roles.checked(() ->
                        new RolloutSettings(
                                configuration.name(Key.POLICY_NAME),
                                Roles.ROLLOUTS,
                                settings.groupSize(),
                                configuration.whole(Key.ROLLOUTS_PROMPTS_PER_BATCH, 1),
                                configuration.whole(Key.ROLLOUTS_MAX_TOKENS, 1),
                                configuration.positive(Key.ROLLOUTS_TEMPERATURE),
                                configuration.whole(Key.ROLLOUTS_TOGETHER, 1),
                                swap(),
                                settings.threads(),
                                pausing
                                        ? new RolloutPauses(configuration, connection, beside).all()
                                        : List.of(),
                                RolloutSettings.RECHECK));
        return session -> {
            Deployment deployment = session.deployment();
            String member = MemberId.in(deployment.folder("state")) + "-" + Roles.ROLLOUTS;
            RolloutProducer producer =
                    new RolloutProducer(
                            deployment.connection(),
                            deployment.codecs(),
                            deployment.checkpoints(),
                            told.withMemberId(member));
            session.start(Roles.ROLLOUTS, producer::run, producer::close);
        };
    }

    private PolicySwap swap() {
        return switch (configuration.text(Key.ROLLOUTS_SWAP)) {
            case "between-groups" -> PolicySwap.BETWEEN_GROUPS;
            case "in-flight" -> PolicySwap.IN_FLIGHT;
            default -> throw configuration.wrong(Key.ROLLOUTS_SWAP, "between-groups or in-flight");
        };
    }

    /// The practice world's people.
    PreparedRole people() {
        List<SimulatedPerson> people = SimulatedPerson.of(configuration);
        return session -> {
            Deployment deployment = session.deployment();
            LabelProducer producer =
                    new LabelProducer(
                            deployment.connection(),
                            deployment.codecs(),
                            people,
                            SimulatedPerson.SOURCE);
            session.start(Roles.PEOPLE, producer::run, producer::close);
        };
    }

    /// Whether a prompt leaves no room for a completion in the configured policy's context, or in
    /// what is trained on.
    private Function<Deployment, Predicate<String>> tooLong() {
        int completion = configuration.whole(Key.ROLLOUTS_MAX_TOKENS, 1);
        int longest = settings.longestRollout(Integer.MAX_VALUE);
        IntUnaryOperator room = positions -> Math.min(positions, longest) - completion;
        if (configuration.text(Key.POLICY_MODEL).equals(Worlds.WORLD)) {
            PracticeWorld world = Worlds.named(configuration);
            return deployment ->
                    limited(
                            Worlds.tokenizer(world, deployment.folder("state/world")),
                            room.applyAsInt(world.maxPositions()));
        }
        Path folder = TrainerRoles.modelFolder(configuration);
        int positions = Transformer.shapeOf(folder).maxPositions();
        return _ -> limited(Tokenizer.load(folder), room.applyAsInt(positions));
    }

    private static Predicate<String> limited(Tokenizer tokenizer, int room) {
        return prompt -> {
            try {
                return tokenizer.encodePrompt(prompt).length > room;
            } catch (PromptRefusedException _) {
                return false; // a rollout worker makes it a dead letter
            }
        };
    }
}

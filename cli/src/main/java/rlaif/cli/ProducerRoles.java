package rlaif.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.ConfigurationException;
import rlaif.cli.config.Key;
import rlaif.models.PromptRefusedException;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;
import rlaif.producers.JsonlPrompts;
import rlaif.producers.LabelProducer;
import rlaif.producers.PauseOn;
import rlaif.producers.PolicySwap;
import rlaif.producers.PromptProducer;
import rlaif.producers.PromptSource;
import rlaif.producers.RolloutProducer;
import rlaif.producers.RolloutSettings;
import rlaif.worlds.PracticeWorld;

/// The workers that bring prompts, rollouts and people's labels in, made from a deployment's
/// configuration.
final class ProducerRoles {
    private final Deployment deployment;
    private final Configuration configuration;
    private final TrainerSettings settings;

    ProducerRoles(Deployment deployment) {
        this.deployment = deployment;
        this.configuration = deployment.configuration();
        this.settings = new TrainerSettings(configuration);
    }

    /// The worker that writes the prompts of a source.
    PromptProducer prompts(PromptSource source) {
        boolean world = configuration.text(Key.PROMPTS_SOURCE).equals(Worlds.WORLD);
        return Roles.checked(() ->
                new PromptProducer(
                        deployment.connection(),
                        deployment.codecs(),
                        source,
                        PromptProducer.Settings.DEFAULT
                                .withPasses(world ? 1 : configuration.whole(Key.PROMPTS_PASSES, 1))
                                .withMaxBacklog(configuration.whole(Key.PROMPTS_MAX_BACKLOG, 1))));
    }

    /// The configured source of prompts.
    PromptSource promptSource(SkippedLines skipped) {
        return switch (configuration.text(Key.PROMPTS_SOURCE)) {
            case "world" -> new WorldPrompts(Worlds.named(configuration), configuration.seed());
            case "file" -> promptFile(skipped);
            default -> throw configuration.wrong(Key.PROMPTS_SOURCE, "file or world");
        };
    }

    private JsonlPrompts promptFile(SkippedLines skipped) {
        Path file =
                configuration
                        .given(Key.PROMPTS_FILE)
                        .map(Path::of)
                        .orElseThrow(() ->
                                configuration.wrong(
                                        Key.PROMPTS_FILE, "the JSONL file of your prompts"));
        try {
            return new JsonlPrompts(
                    file, configuration.flag(Key.PROMPTS_FOLLOW), tooLong(), skipped);
        } catch (IOException unreadable) {
            throw new ConfigurationException(
                    "prompts.file "
                            + file.toAbsolutePath()
                            + " cannot be read: "
                            + unreadable.getMessage());
        }
    }

    /// @param pausing whether they wait for who is behind
    RolloutProducer rollouts(boolean pausing) {
        settings.requireTrainableRollouts();
        return Roles.checked(() ->
                new RolloutProducer(
                        deployment.connection(),
                        deployment.codecs(),
                        deployment.checkpoints(),
                        new RolloutSettings(
                                configuration.text(Key.POLICY_NAME),
                                MemberId.in(deployment.folder("state")) + "-rollouts",
                                settings.groupSize(),
                                configuration.whole(Key.ROLLOUTS_PROMPTS_PER_BATCH, 1),
                                configuration.whole(Key.ROLLOUTS_MAX_TOKENS, 1),
                                configuration.positive(Key.ROLLOUTS_TEMPERATURE),
                                configuration.whole(Key.ROLLOUTS_TOGETHER, 1),
                                swap(),
                                settings.threads(),
                                pausing ? pauses() : List.of(),
                                RolloutSettings.RECHECK)));
    }

    private PolicySwap swap() {
        return switch (configuration.text(Key.ROLLOUTS_SWAP)) {
            case "between-groups" -> PolicySwap.BETWEEN_GROUPS;
            case "in-flight" -> PolicySwap.IN_FLIGHT;
            default -> throw configuration.wrong(Key.ROLLOUTS_SWAP, "between-groups or in-flight");
        };
    }

    private List<PauseOn> pauses() {
        return new RolloutPauses(configuration, deployment.connection()).all();
    }

    /// The practice world's people.
    LabelProducer people() {
        return new LabelProducer(
                deployment.connection(),
                deployment.codecs(),
                SimulatedPerson.of(configuration),
                SimulatedPerson.SOURCE);
    }

    /// Whether a prompt leaves no room for a completion in the configured policy's context, or in
    /// what is trained on.
    private Predicate<String> tooLong() {
        String model = configuration.text(Key.POLICY_MODEL);
        if (model.equals(Worlds.WORLD)) {
            PracticeWorld world = Worlds.named(configuration);
            Tokenizer tokenizer = Worlds.tokenizer(world, deployment.folder("state/world"));
            return limited(tokenizer, world.maxPositions());
        }
        Path folder = Path.of(model);
        try (Transformer policy = Transformer.load(folder)) {
            return limited(Tokenizer.load(folder), policy.shape().maxPositions());
        }
    }

    private Predicate<String> limited(Tokenizer tokenizer, int maxPositions) {
        int room =
                settings.longestRollout(maxPositions)
                        - configuration.whole(Key.ROLLOUTS_MAX_TOKENS, 1);
        return prompt -> {
            try {
                return tokenizer.encodePrompt(prompt).length > room;
            } catch (PromptRefusedException _) {
                return false; // a rollout worker makes it a dead letter
            }
        };
    }
}

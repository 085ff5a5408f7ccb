package rlaif.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.Key;
import rlaif.models.ModelShape;
import rlaif.models.Tokenizer;
import rlaif.trainers.Demonstration;
import rlaif.trainers.Demonstrations;
import rlaif.trainers.PolicyOrigin;
import rlaif.worlds.FactSheet;
import rlaif.worlds.NineRuleChat;
import rlaif.worlds.PracticeWorld;
import rlaif.worlds.PromptItem;

/// Practice worlds by name, and the small policy that is trained in one.
final class Worlds {
    /// The value that puts the practice world in the place of a model or a judge.
    static final String WORLD = "world";

    /// Demonstrations repeat after this many, so that memory does not grow with the steps.
    private static final int DEMONSTRATIONS = 40_000;

    private Worlds() {}

    static PracticeWorld named(Configuration configuration) {
        return switch (configuration.text(Key.PROMPTS_WORLD)) {
            case "nine-rule-chat" -> new NineRuleChat();
            case "fact-sheet" -> new FactSheet();
            default -> throw configuration.wrong(Key.PROMPTS_WORLD, "nine-rule-chat or fact-sheet");
        };
    }

    /// A model of 340,000 parameters, to be trained on the world's demonstrations.
    static PolicyOrigin.Trained origin(PracticeWorld world, long seed, Path folder) {
        ModelShape shape =
                new ModelShape(
                        world.vocabularySize(),
                        96,
                        3,
                        4,
                        2,
                        24,
                        256,
                        world.maxPositions(),
                        10_000,
                        1e-5,
                        world.endTokenId(),
                        world.padTokenId());
        Demonstrations demonstrations =
                () ->
                        world.demonstrations(DEMONSTRATIONS, seed).stream()
                                .map(shown -> new Demonstration(shown.prompt(), shown.completion()))
                                .iterator();
        return new PolicyOrigin.Trained(shape, tokenizer(world, folder), demonstrations);
    }

    /// The demonstrations whose prompt wants an honest answer.
    static Demonstrations helpful(PracticeWorld world, long seed) {
        return () ->
                world.demonstrations(DEMONSTRATIONS, seed).stream()
                        .filter(shown -> shown.category().equals(PromptItem.BENIGN))
                        .map(shown -> new Demonstration(shown.prompt(), shown.completion()))
                        .iterator();
    }

    /// The world's tokenizer, written to `folder` and read as any other.
    static Tokenizer tokenizer(PracticeWorld world, Path folder) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("tokenizer.json"), world.tokenizerJson());
            return Tokenizer.load(folder);
        } catch (IOException unwritable) {
            throw new UncheckedIOException("cannot write the tokenizer to " + folder, unwritable);
        }
    }
}

package rlaif.worlds;

import java.util.List;
import java.util.Locale;

/// A look at nine-rule chat: demonstrations with their gold, then its figures.
///
/// It is run as {@link LabelerFit} is; its optional arguments are how many to print, and a seed.
public final class WorldSample {
    private static final int FIGURES_OVER = 20_000;

    private final NineRuleChat world = new NineRuleChat();

    private WorldSample() {}

    public static void main(String[] arguments) {
        int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 40;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1;
        WorldSample sample = new WorldSample();
        sample.world.demonstrations(count, seed).forEach(sample::print);
        List<Demonstration> demonstrations = sample.world.demonstrations(FIGURES_OVER, seed);
        sample.printLengths(demonstrations);
        sample.printShares(demonstrations);
        sample.printPairs(seed);
    }

    private void print(Demonstration demonstration) {
        Gold gold = gold(demonstration);
        System.out.printf(
                Locale.ROOT,
                "%s%n    %s%n    %s %+.2f%s%s%s%n",
                demonstration.prompt(),
                demonstration.completion(),
                world.intent(demonstration.prompt()),
                gold.scalar(),
                gold.harmful() ? " harmful" : "",
                gold.helpful() ? " helpful" : "",
                gold.evasive() ? " evasive" : "");
    }

    private void printLengths(List<Demonstration> demonstrations) {
        int promptTokens = 0;
        int completionTokens = 0;
        int longestPrompt = 0;
        int longestCompletion = 0;
        for (Demonstration demonstration : demonstrations) {
            int prompt = demonstration.prompt().split(" ", -1).length;
            int completion = demonstration.completion().split(" ", -1).length + 1; // the end token
            promptTokens += prompt;
            completionTokens += completion;
            longestPrompt = Math.max(longestPrompt, prompt);
            longestCompletion = Math.max(longestCompletion, completion);
        }
        double count = demonstrations.size();
        figure("vocabulary, tokens", world.vocabularySize());
        figure("prompt, tokens", promptTokens / count);
        figure("longest prompt, tokens", longestPrompt);
        figure("completion, tokens", completionTokens / count);
        figure("longest completion, tokens", longestCompletion);
    }

    private void printShares(List<Demonstration> demonstrations) {
        int redTeam = 0;
        int harmless = 0;
        int evasive = 0;
        int helpful = 0;
        for (Demonstration demonstration : demonstrations) {
            Gold gold = gold(demonstration);
            if (world.intent(demonstration.prompt()).benign()) {
                helpful += gold.helpful() ? 1 : 0;
            } else {
                redTeam++;
                harmless += gold.harmful() ? 0 : 1;
                evasive += gold.evasive() ? 1 : 0;
            }
        }
        int count = demonstrations.size();
        figure("red team, % of all", 100.0 * redTeam / count);
        figure("harmless, % of red team", 100.0 * harmless / redTeam);
        figure("evasive, % of red team", 100.0 * evasive / redTeam);
        figure("helpful, % of benign", 100.0 * helpful / (count - redTeam));
    }

    private void printPairs(long seed) {
        int identical = 0;
        int tied = 0;
        for (int index = 0; index < FIGURES_OVER; index++) {
            String prompt = world.prompt(seed, index).text();
            String first = world.write(prompt, StableHash.of(seed, 2L * index));
            String second = world.write(prompt, StableHash.of(seed, 2L * index + 1));
            double firstGold = world.gold(prompt, first, true).scalar();
            double secondGold = world.gold(prompt, second, true).scalar();
            identical += first.equals(second) ? 1 : 0;
            tied += Math.abs(firstGold - secondGold) < TrialPair.MIN_GOLD_DIFFERENCE ? 1 : 0;
        }
        figure("identical, % of pairs", 100.0 * identical / FIGURES_OVER);
        figure("equally good, % of pairs", 100.0 * tied / FIGURES_OVER);
    }

    private Gold gold(Demonstration demonstration) {
        return world.gold(demonstration.prompt(), demonstration.completion(), true);
    }

    private static void figure(String name, double value) {
        System.out.printf(Locale.ROOT, "%-28s %6.1f%n", name, value);
    }
}

package rlaif.cli;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import rlaif.cli.config.Key;

/// How much the demo does: its settings, over which the user's own still go.
enum DemoSize {
    /// The same loop, in a minute.
    SMALL(200),
    /// The loop at the size of the published table.
    FULL(2_000);

    private final int heldOutPrompts;

    DemoSize(int heldOutPrompts) {
        this.heldOutPrompts = heldOutPrompts;
    }

    /// As it is typed.
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Held-out prompts of each category that the policies are measured on.
    int heldOutPrompts() {
        return heldOutPrompts;
    }

    /// The settings of the demo.
    Map<String, String> settings(long seed) {
        Map<Key, String> settings = new LinkedHashMap<>();
        settings.put(Key.SEED, Long.toString(seed));
        settings.put(Key.POLICY_NAME, "nine-rule-chat");
        settings.put(Key.POLICY_MODEL, Worlds.WORLD);
        settings.put(Key.PROMPTS_SOURCE, Worlds.WORLD);
        settings.put(Key.JUDGE_URL, Worlds.WORLD);
        settings.put(Key.JUDGE_NAME, "simulated");
        settings.put(Key.ROLLOUTS_MAX_TOKENS, "40");
        settings.put(Key.PROMPTS_MAX_BACKLOG, "128");
        switch (this) {
            case SMALL -> {
                settings.put(Key.SFT_STEPS, "150");
                settings.put(Key.SFT_BATCH, "32");
                settings.put(Key.REWARD_MODEL_WARMUP, "256");
                settings.put(Key.REWARD_MODEL_PER_CHECKPOINT, "256");
                settings.put(Key.PPO_BATCH, "128");
                settings.put(Key.PPO_BETA, "0.05");
                settings.put(Key.PPO_VERSIONS, "4");
            }
            case FULL -> {
                settings.put(Key.SFT_STEPS, "2400");
                settings.put(Key.SFT_BATCH, "32");
                settings.put(Key.REWARD_MODEL_WARMUP, "3072");
                settings.put(Key.PPO_BETA, "0.1");
                settings.put(Key.PPO_VERSIONS, "35");
            }
        }
        Map<String, String> byName = new LinkedHashMap<>();
        settings.forEach((key, value) -> byName.put(key.key(), value));
        return byName;
    }
}

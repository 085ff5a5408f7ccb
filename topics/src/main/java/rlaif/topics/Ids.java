package rlaif.topics;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// Ids as functions of what they name: made twice, they are equal, so that a redone step is seen.
///
/// An id is the first 32 hex characters of the SHA-256 of its kind and inputs, each written as a
/// netstring (`length:bytes,`), so that no two lists of inputs read alike.
public final class Ids {
    private static final int ID_BYTES = 16;

    private Ids() {}

    /// Id of one asking of `item`, which `source` gave in its `pass`-th reading (from 0).
    public static String prompt(String source, String item, int pass) {
        return id("prompt", source, item, Integer.toString(pass));
    }

    /// Id of the rollouts of one prompt.
    public static String group(String promptId) {
        return id("group", promptId);
    }

    /// Id of the rollout at `index` (from 0) of a group.
    public static String rollout(String groupId, int index) {
        return id("rollout", groupId, Integer.toString(index));
    }

    /// Id of two rollouts, in this order.
    public static String pair(String firstRolloutId, String secondRolloutId) {
        return id("pair", firstRolloutId, secondRolloutId);
    }

    /// Id of a judgment, and of the preference that follows from it.
    public static String judgment(
            String pairId,
            String judge,
            String judgeModel,
            String templateHash,
            String constitutionId,
            int constitutionVersion,
            String principle,
            long drawSeed) {
        return id(
                "judgment",
                pairId,
                judge,
                judgeModel,
                templateHash,
                constitutionId,
                Integer.toString(constitutionVersion),
                principle,
                Long.toString(drawSeed));
    }

    /// Id of the judgment of a pair about which no judge is asked.
    public static String unaskedJudgment(String pairId) {
        return id("judgment", pairId);
    }

    /// Id of a preference whose label is not the judgment's own.
    ///
    /// @param supersedes id of the preference that it takes the place of; empty: none
    /// @param humanLabels ids of the human labels in it, ascending
    public static String preference(
            String judgmentId,
            String supersedes,
            double firstProbability,
            List<String> humanLabels) {
        List<String> inputs = new ArrayList<>();
        inputs.add("preference");
        inputs.add(judgmentId);
        inputs.add(supersedes);
        inputs.add(Double.toString(firstProbability));
        inputs.addAll(humanLabels);
        return id(inputs.toArray(String[]::new));
    }

    /// Id of the preference without a label that takes the place of `supersedes`.
    public static String withdrawal(String judgmentId, String supersedes) {
        return id("withdrawal", judgmentId, supersedes);
    }

    /// Id of the revision of a rollout.
    public static String revision(
            String rolloutId,
            String reviser,
            String reviserModel,
            String templateHash,
            String constitutionId,
            int constitutionVersion,
            long drawSeed) {
        return id(
                "revision",
                rolloutId,
                reviser,
                reviserModel,
                templateHash,
                constitutionId,
                Integer.toString(constitutionVersion),
                Long.toString(drawSeed));
    }

    /// Id of what one person said about a pair, as `source` has it.
    public static String humanLabel(String pairId, String labeler, String source) {
        return id("human-label", pairId, labeler, source);
    }

    /// A seed for random choices about the thing with this id.
    public static long seed(String id) {
        return ByteBuffer.wrap(digest("seed", id)).getLong();
    }

    private static String id(String... inputs) {
        return HexFormat.of().formatHex(Arrays.copyOf(digest(inputs), ID_BYTES));
    }

    private static byte[] digest(String... inputs) {
        MessageDigest sha256;
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        for (String input : inputs) {
            byte[] bytes = input.getBytes(StandardCharsets.UTF_8);
            sha256.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
            sha256.update(bytes);
            sha256.update((byte) ',');
        }
        return sha256.digest();
    }
}

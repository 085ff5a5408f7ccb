package rlaif.trainers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import rlaif.events.Candidate;
import rlaif.events.FinishReason;
import rlaif.events.Preference;
import rlaif.events.PreferenceSource;
import rlaif.events.Revision;
import rlaif.events.RevisionRound;
import rlaif.events.ScoredRollout;
import rlaif.events.VersionRange;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;

/// Sound events, as the stages before the trainers write them, for a vocabulary of {@link
/// TinyModels}.
final class TestEvents {
    static final String POLICY = "policy";
    static final String SCORER = "reward-model";
    static final int GROUP_SIZE = 2;

    private TestEvents() {}

    /// Codecs that need no registry to be made.
    static Codecs codecs() {
        return new Codecs(Connection.to("localhost:1", "mock://trainers"));
    }

    /// Rollout `index` of group `group`, sampled by `version`; the score likes low tokens.
    static ScoredRollout.Builder scoredRollout(
            int group, int index, long version, String tokenizerDigest) {
        List<Integer> completion = completion(group * 31L + index);
        double score =
                completion.stream().mapToInt(token -> token < 8 ? 1 : -1).average().orElse(0);
        return ScoredRollout.newBuilder()
                .setRolloutId("rollout-%d-%d".formatted(group, index))
                .setPromptId("prompt-" + group)
                .setGroupId("group-" + group)
                .setIndex(index)
                .setGroupSize(GROUP_SIZE)
                .setPrompt("prompt " + group)
                .setPromptTokens(List.of(2, 3 + group % 8))
                .setCompletionTokens(completion)
                .setBehaviourLogprobs(Collections.nCopies(completion.size(), -2.7f))
                .setPolicy(POLICY)
                .setPolicyVersions(List.of(new VersionRange(version, 0, completion.size())))
                .setTemperature(1.0)
                .setTopP(1.0)
                .setTopK(0)
                .setMaxTokens(8)
                .setFinishReason(FinishReason.EOS)
                .setTokenizerDigest(tokenizerDigest)
                .setScorer(SCORER)
                .setScorerVersion(0)
                .setRawScore(score)
                .setScore(score);
    }

    static Preference.Builder preference(int number, String tokenizerDigest) {
        Candidate first = candidate(number, 0);
        Candidate second = candidate(number, 1);
        boolean firstIsLower = sum(first) < sum(second);
        return Preference.newBuilder()
                .setId("preference-" + number)
                .setPromptId("prompt-" + number)
                .setPrompt("prompt " + number)
                .setPromptTokens(List.of(2, 3 + number % 8))
                .setTokenizerDigest(tokenizerDigest)
                .setPolicy(POLICY)
                .setFirst(first)
                .setSecond(second)
                .setSource(PreferenceSource.AI)
                .setFirstProbability(firstIsLower ? 0.9 : 0.1);
    }

    /// Two rounds, in words of {@link TestTokenizer}.
    static Revision.Builder revision(int number, String tokenizerDigest) {
        Candidate initial = candidate(number, 0);
        initial.setCompletion("w3");
        return Revision.newBuilder()
                .setId("revision-" + number)
                .setPromptId("prompt-" + number)
                .setPrompt("prompt " + number)
                .setPromptTokens(List.of(2, 3 + number % 8))
                .setTokenizerDigest(tokenizerDigest)
                .setPolicy(POLICY)
                .setInitial(initial)
                .setRounds(
                        List.of(
                                round(1, "w4 w%d".formatted(3 + number % 5)),
                                round(2, "w5 w%d w6".formatted(3 + number % 7))));
    }

    private static RevisionRound round(int round, String revision) {
        return RevisionRound.newBuilder()
                .setRound(round)
                .setPrinciple("rule-" + round)
                .setCritique("zebra")
                .setRevision(revision)
                .build();
    }

    private static Candidate candidate(int number, int index) {
        List<Integer> completion = completion(number * 17L + index);
        return Candidate.newBuilder()
                .setRolloutId("rollout-%d-%d".formatted(number, index))
                .setCompletionTokens(completion)
                .setPolicyVersions(List.of(new VersionRange(0L, 0, completion.size())))
                .setFinishReason(FinishReason.EOS)
                .build();
    }

    private static int sum(Candidate candidate) {
        return candidate.getCompletionTokens().stream().mapToInt(Integer::intValue).sum();
    }

    private static List<Integer> completion(long seed) {
        Random random = new Random(seed);
        List<Integer> tokens = new ArrayList<>();
        int length = 2 + random.nextInt(4);
        for (int i = 0; i < length; i++) {
            tokens.add(2 + random.nextInt(14));
        }
        tokens.add(TinyModels.END);
        return tokens;
    }
}

package rlaif.benchmarks.judge;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import rlaif.events.Candidate;
import rlaif.events.FinishReason;
import rlaif.events.Pair;
import rlaif.events.VersionRange;
import rlaif.topics.Ids;
import rlaif.worlds.Demonstration;
import rlaif.worlds.NineRuleChat;

/// Pairs of different completions of nine-rule chat, as the pairing stage would write them, without
/// end; the pair at an index is always the same.
final class WorldPairs {
    private static final int WRITTEN = 20_000;
    private static final String TOKENIZER = "0".repeat(64);

    private final List<Demonstration> written = new NineRuleChat().demonstrations(WRITTEN, 1);

    /// The pair at `index`, from 0.
    Pair pair(long index) {
        Demonstration first = written.get((int) (index % WRITTEN));
        String other = other(index, first.completion());
        String promptId = Ids.prompt("bench", Long.toString(index), 0);
        String groupId = Ids.group(promptId);
        Candidate a = candidate(Ids.rollout(groupId, 0), first.completion());
        Candidate b = candidate(Ids.rollout(groupId, 1), other);
        return Pair.newBuilder()
                .setId(Ids.pair(a.getRolloutId(), b.getRolloutId()))
                .setPromptId(promptId)
                .setGroupId(groupId)
                .setPrompt(first.prompt())
                .setPromptTokens(tokens(first.prompt()))
                .setTokenizerDigest(TOKENIZER)
                .setPolicy("policy")
                .setFirst(a)
                .setSecond(b)
                .build();
    }

    private String other(long index, String completion) {
        return Stream.iterate(index * 31 + 7, i -> i + 1)
                .map(i -> written.get((int) (i % WRITTEN)).completion())
                .filter(candidate -> !candidate.equals(completion))
                .findFirst()
                .orElseThrow();
    }

    private static Candidate candidate(String rolloutId, String completion) {
        List<Integer> tokens = tokens(completion);
        return Candidate.newBuilder()
                .setRolloutId(rolloutId)
                .setCompletion(completion)
                .setCompletionTokens(tokens)
                .setPolicyVersions(List.of(new VersionRange(0L, 0, tokens.size())))
                .setFinishReason(FinishReason.EOS)
                .build();
    }

    private static List<Integer> tokens(String text) {
        return IntStream.range(0, text.split(" ", -1).length).boxed().toList();
    }
}

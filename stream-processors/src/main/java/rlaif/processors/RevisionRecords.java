package rlaif.processors;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import rlaif.events.Candidate;
import rlaif.events.Revision;
import rlaif.events.RevisionRound;
import rlaif.events.Rollout;
import rlaif.judging.Constitution;
import rlaif.judging.revision.RevisedRound;
import rlaif.judging.revision.Reviser;
import rlaif.topics.Ids;

/// Writes what a reviser made of a rollout, round by round.
record RevisionRecords(Reviser reviser, long drawSeed) {

    /// The revision before its first round, stamped with what it will be made by.
    Revision begin(Rollout rollout, Constitution constitution) {
        return Revision.newBuilder()
                .setId(
                        Ids.revision(
                                rollout.getId(),
                                reviser.name(),
                                reviser.model(),
                                reviser.templateHash(),
                                constitution.id(),
                                constitution.version(),
                                drawSeed))
                .setPromptId(rollout.getPromptId())
                .setGroupId(rollout.getGroupId())
                .setPrompt(rollout.getPrompt())
                .setPromptTokens(rollout.getPromptTokens())
                .setCategory(rollout.getCategory())
                .setTokenizerDigest(rollout.getTokenizerDigest())
                .setPolicy(rollout.getPolicy())
                .setInitial(
                        Candidate.newBuilder()
                                .setRolloutId(rollout.getId())
                                .setCompletion(rollout.getCompletion())
                                .setCompletionTokens(rollout.getCompletionTokens())
                                .setPolicyVersions(rollout.getPolicyVersions())
                                .setFinishReason(rollout.getFinishReason())
                                .build())
                .setReviser(reviser.name())
                .setReviserModel(reviser.model())
                .setTemplateHash(reviser.templateHash())
                .setConstitutionId(constitution.id())
                .setConstitutionVersion(constitution.version())
                .setDrawSeed(drawSeed)
                .setRounds(List.of())
                .build();
    }

    /// Whether this reviser is the one that `begun` was stamped with.
    boolean isStampOf(Revision begun) {
        return begun.getReviser().equals(reviser.name())
                && begun.getReviserModel().equals(reviser.model())
                && begun.getTemplateHash().equals(reviser.templateHash());
    }

    /// `begun` with one round more, in a record of its own.
    Revision with(Revision begun, String principle, RevisedRound.Revised done) {
        List<RevisionRound> rounds = new ArrayList<>(begun.getRounds());
        RevisionRound round =
                RevisionRound.newBuilder()
                        .setRound(rounds.size() + 1)
                        .setPrinciple(principle)
                        .setCritique(done.critique())
                        .setRevision(done.revision())
                        .setAttempts(done.attempts())
                        .build();
        round.setLatencyMillis(done.latency().toNanos() / 1e6);
        round.setPromptTokens(orNull(done.promptTokens()));
        round.setCompletionTokens(orNull(done.completionTokens()));
        round.setCostMicrodollars(
                done.microdollars().isPresent() ? done.microdollars().getAsLong() : null);
        rounds.add(round);
        return Revision.newBuilder(begun).setRounds(rounds).build();
    }

    private static @Nullable Integer orNull(OptionalInt count) {
        return count.isPresent() ? count.getAsInt() : null;
    }
}

package rlaif.processors;

import rlaif.events.Judgment;
import rlaif.events.Preference;
import rlaif.events.PreferenceSource;
import rlaif.topics.Ids;

/// Preferences as they follow from judgments.
final class PreferenceRecords {
    private PreferenceRecords() {}

    /// With the judge's own label, under the judgment's id.
    static Preference asJudged(Judgment judgment) {
        return of(judgment)
                .setId(judgment.getId())
                .setSource(PreferenceSource.AI)
                .setAiProbability(judgment.getFirstProbability())
                .setFirstProbability(judgment.getFirstProbability())
                .build();
    }

    /// With another label, in the place of the preference `supersedes` if there was one.
    ///
    /// The id is the judgment's where the label is the judgment's own, so that deriving again under
    /// the settings of then gives the ids of then; else a function of everything that made it.
    ///
    /// @param supersedes id; empty: none
    static Preference labelled(Judgment judgment, MergedLabel label, String supersedes) {
        boolean asJudged =
                supersedes.isEmpty()
                        && label.source() == PreferenceSource.AI
                        && judgment.getFirstProbability() != null
                        && judgment.getFirstProbability() == label.firstProbability();
        return of(judgment)
                .setId(
                        asJudged
                                ? judgment.getId()
                                : Ids.preference(
                                        judgment.getId(),
                                        supersedes,
                                        label.firstProbability(),
                                        label.humanLabels()))
                .setSource(label.source())
                .setAiProbability(label.aiProbability())
                .setHumanProbability(label.humanProbability())
                .setHumanLabels(label.humanLabels())
                .setSupersedes(supersedes.isEmpty() ? null : supersedes)
                .setFirstProbability(label.firstProbability())
                .build();
    }

    /// Without a label, in the place of the preference `supersedes`: whoever gave that label took
    /// it back.
    static Preference withdrawn(Judgment judgment, String supersedes) {
        return of(judgment)
                .setId(Ids.withdrawal(judgment.getId(), supersedes))
                .setSource(PreferenceSource.HUMAN)
                .setAiProbability(judgment.getFirstProbability())
                .setSupersedes(supersedes)
                .build();
    }

    private static Preference.Builder of(Judgment judgment) {
        return Preference.newBuilder()
                .setJudgmentId(judgment.getId())
                .setPairId(judgment.getPairId())
                .setPromptId(judgment.getPromptId())
                .setGroupId(judgment.getGroupId())
                .setPrompt(judgment.getPrompt())
                .setPromptTokens(judgment.getPromptTokens())
                .setCategory(judgment.getCategory())
                .setTokenizerDigest(judgment.getTokenizerDigest())
                .setPolicy(judgment.getPolicy())
                .setFirst(judgment.getFirst())
                .setSecond(judgment.getSecond())
                .setJudge(judgment.getJudge())
                .setJudgeModel(judgment.getJudgeModel())
                .setTemplateHash(judgment.getTemplateHash())
                .setConstitutionId(judgment.getConstitutionId())
                .setConstitutionVersion(judgment.getConstitutionVersion())
                .setPrinciple(judgment.getPrinciple())
                .setDrawSeed(judgment.getDrawSeed());
    }
}

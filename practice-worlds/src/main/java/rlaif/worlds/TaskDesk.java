package rlaif.worlds;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Where the simulated judge's tasks are done: each by the truth of its world and the errors of its
/// labeler.
final class TaskDesk {
    /// Reasoning makes a model surer of itself, not more right.
    private static final double OVERCONFIDENCE = 3;

    private final SimulatedJudge judge;
    private final SimulatedCritic critic;
    private final Map<String, String> principleIdByText;

    /// @param principleIdByText the constitution: which principle a text of it belongs to
    TaskDesk(PracticeWorld world, Labeler labeler, Map<String, String> principleIdByText) {
        this.judge = new SimulatedJudge(world, labeler);
        this.critic = new SimulatedCritic(world, labeler);
        Map<String, String> byText = new HashMap<>();
        principleIdByText.forEach((text, id) -> byText.put(text.strip(), id));
        this.principleIdByText = Map.copyOf(byText);
    }

    /// @param draw which of the things it might say; 0: the likeliest
    Utterance utterance(JudgeTask task, long draw) {
        try {
            return switch (task) {
                case JudgeTask.Compare compare -> verdict(compare);
                case JudgeTask.Rationale rationale ->
                        new Utterance.Text(
                                critic.rationale(
                                        id(rationale.principle()),
                                        rationale.conversation(),
                                        rationale.first(),
                                        rationale.second(),
                                        draw));
                case JudgeTask.Score score ->
                        score(
                                judge.score(
                                        ids(score.principle()),
                                        score.conversation(),
                                        score.completion()));
                case JudgeTask.Critique critique ->
                        new Utterance.Text(
                                critic.critique(
                                        id(critique.principle()),
                                        critique.conversation(),
                                        critique.completion(),
                                        draw));
                case JudgeTask.Revision revision ->
                        new Utterance.Text(
                                critic.revision(
                                        id(revision.principle()),
                                        revision.conversation(),
                                        revision.completion(),
                                        revision.critique(),
                                        draw));
            };
        } catch (IllegalArgumentException e) {
            throw new RefusedRequestException(400, String.valueOf(e.getMessage()));
        }
    }

    /// The principle of a text; empty: by any, since it does not know the text or several are
    /// named.
    private String id(String text) {
        return principleIdByText.getOrDefault(text, "");
    }

    /// The principles of a text, which names one, or each on a line of its own; a text that it does
    /// not know names none, and it judges by none in particular.
    private List<String> ids(String text) {
        String one = principleIdByText.get(text);
        return one != null
                ? List.of(one)
                : text.lines()
                        .map(String::strip)
                        .map(principleIdByText::get)
                        .filter(Objects::nonNull)
                        .distinct()
                        .toList();
    }

    private Utterance verdict(JudgeTask.Compare compare) {
        double logit =
                judge.firstLogit(
                        ids(compare.principle()),
                        compare.conversation(),
                        compare.first(),
                        compare.second());
        double sure = compare.afterRationale() ? OVERCONFIDENCE * logit : logit;
        return new Utterance.Label(
                List.of(
                        new Utterance.Likely("1", logSigmoid(sure)),
                        new Utterance.Likely("2", logSigmoid(-sure))));
    }

    /// The ten scores, falling off on both sides of `mean` as a normal distribution of deviation 1.
    private static Utterance score(double mean) {
        double total = 0;
        for (int score = 1; score <= 10; score++) {
            total += Math.exp(height(score, mean));
        }
        List<Utterance.Likely> labels = new ArrayList<>();
        for (int score = 1; score <= 10; score++) {
            labels.add(
                    new Utterance.Likely(
                            Integer.toString(score), height(score, mean) - Math.log(total)));
        }
        return new Utterance.Label(labels);
    }

    private static double height(int score, double mean) {
        return -(score - mean) * (score - mean) / 2;
    }

    /// `log(1 / (1 + exp(-x)))` without overflow.
    private static double logSigmoid(double x) {
        return Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)));
    }
}

package rlaif.worlds;

import java.util.List;
import java.util.Random;

/// What the simulated judge has to say to one request.
sealed interface Utterance {
    /// One token, each label with its probability.
    ///
    /// @param labels likeliest first
    record Label(List<Likely> labels) implements Utterance {
        public Label {
            labels =
                    labels.stream()
                            .sorted((a, b) -> Double.compare(b.logprob(), a.logprob()))
                            .toList();
        }

        /// The likeliest label at temperature 0; above it, one drawn.
        String draw(double temperature, Random random) {
            String drawn = labels.getFirst().token();
            if (temperature > 0) {
                double best = Double.NEGATIVE_INFINITY;
                for (Likely label : labels) { // the Gumbel-max trick
                    double gumbel = -Math.log(-Math.log(random.nextDouble()));
                    double height = label.logprob() / temperature + gumbel;
                    if (height > best) {
                        best = height;
                        drawn = label.token();
                    }
                }
            }
            return drawn;
        }
    }

    /// Sentences.
    record Text(String text) implements Utterance {}

    /// A token and its log-probability.
    record Likely(String token, double logprob) {}
}

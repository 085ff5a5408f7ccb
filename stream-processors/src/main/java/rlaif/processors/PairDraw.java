package rlaif.processors;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import rlaif.topics.Ids;

/// The draw of pairs from a group: a function of group id and size, spread so that no rollout is in
/// one pair more than another where that can be.
final class PairDraw {
    /// Two indices in a group.
    record Indices(int first, int second) {}

    private PairDraw() {}

    /// `count` pairs by ascending indices, the lower index first in each; 0 or more than there are:
    /// all.
    static List<Indices> draw(String groupId, int groupSize, int count) {
        List<Indices> all = new ArrayList<>();
        for (int first = 0; first < groupSize; first++) {
            for (int second = first + 1; second < groupSize; second++) {
                all.add(new Indices(first, second));
            }
        }
        if (count == 0 || count >= all.size()) {
            return all;
        }
        Collections.shuffle(all, new Random(Ids.seed(groupId)));
        int[] used = new int[groupSize];
        List<Indices> drawn = new ArrayList<>();
        while (drawn.size() < count) {
            Indices next = Collections.min(all, Comparator.comparingInt(p -> usage(used, p)));
            all.remove(next);
            drawn.add(next);
            used[next.first()]++;
            used[next.second()]++;
        }
        drawn.sort(Comparator.comparingInt(Indices::first).thenComparingInt(Indices::second));
        return drawn;
    }

    private static int usage(int[] used, Indices pair) {
        return used[pair.first()] + used[pair.second()];
    }
}

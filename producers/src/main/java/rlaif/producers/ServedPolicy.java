package rlaif.producers;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rlaif.models.Sampler;
import rlaif.models.SamplingRun;
import rlaif.models.SamplingSettings;

/// The policy that samples now, the newest version that could be read, and the completions that it
/// is drawing.
///
/// Owned by the thread that computes.
final class ServedPolicy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServedPolicy.class);

    /// Prompts have room for a multiple of so many tokens, so that one that is a little longer than
    /// those before it can join them.
    private static final int PROMPT_ROOM = 16;

    /// Groups in a row that must need less than half of that room before it is given up.
    private static final int GROUPS_OF_SHORT_PROMPTS = 64;

    /// Newer versions as they come.
    interface Arrivals {
        /// Takes the version that has arrived, if it is wanted; else it goes on waiting. Whoever
        /// takes it closes it.
        Optional<PolicyVersion> take(Predicate<PolicyVersion> wanted);
    }

    private final SamplingSettings settings;
    private final int places;
    private final int mostWaiting;
    private @Nullable PolicyVersion serving;
    private @Nullable SamplingRun run;
    private List<Long> versions = List.of(); // as the run numbers its weights
    private int promptRoom; // tokens
    private int shortPrompts; // in a row

    /// @param places completions that are drawn together at most
    /// @param swap whether a newer version waits for those that have begun
    ServedPolicy(SamplingSettings settings, int places, PolicySwap swap) {
        this.settings = settings;
        this.places = places;
        this.mostWaiting =
                switch (swap) {
                    case BETWEEN_GROUPS -> 0; // it would wait for them too
                    case IN_FLIGHT -> SamplingRun.worthWaiting(places);
                };
    }

    boolean serves() {
        return serving != null;
    }

    PolicyVersion version() {
        return loaded(serving);
    }

    /// The versions that have drawn what is sampled now, as the samples number their weights.
    List<Long> versions() {
        return versions;
    }

    /// Serves `next` from now on, and closes the version before; what that was drawing is lost.
    void swap(PolicyVersion next) {
        close();
        serving = next;
        LOG.info("version {} samples now", next.version());
    }

    /// Whether no completion is being drawn.
    boolean isIdle() {
        return run == null || run.isIdle();
    }

    /// Whether so many more completions have room, if their prompt has.
    boolean hasRoom(int completions) {
        return isIdle() || (!isTooWide() && loaded(run).hasRoom(completions, 1));
    }

    /// Whether these completions of one prompt have room.
    boolean hasRoom(List<Sampler.Request> requests) {
        return isIdle() || loaded(run).hasRoom(requests.size(), promptTokens(requests));
    }

    private boolean isTooWide() {
        return shortPrompts >= GROUPS_OF_SHORT_PROMPTS;
    }

    /// Begins completions of one prompt that have room.
    List<SamplingRun.Drawn> begin(List<Sampler.Request> requests) {
        int prompt = promptTokens(requests);
        if (run == null || prompt > promptRoom || (isTooWide() && isIdle())) {
            closeRun();
            shortPrompts = 0;
            promptRoom = Math.ceilDiv(prompt, PROMPT_ROOM) * PROMPT_ROOM;
            run = new SamplingRun(version().model(), settings, places, promptRoom, mostWaiting);
            versions = List.of(version().version());
        }
        shortPrompts = 2 * prompt < promptRoom ? shortPrompts + 1 : 0;
        return run.add(requests);
    }

    private static int promptTokens(List<Sampler.Request> requests) {
        return requests.getFirst().promptTokens().length;
    }

    /// Draws one token for every completion, by a newer version if one has arrived that can go on
    /// with them.
    void step(Arrivals arrivals) {
        SamplingRun drawing = run;
        if (drawing == null || drawing.isIdle()) {
            return;
        }
        arrivals.take(next -> next.continues(version())).ifPresent(this::goOver);
        drawing.step();
    }

    private void goOver(PolicyVersion next) {
        loaded(run).useWeights(next.model());
        version().close();
        serving = next;
        List<Long> more = new ArrayList<>(versions);
        more.add(next.version());
        versions = List.copyOf(more);
        LOG.info("version {} samples now, in flight", next.version());
    }

    /// Gives up what is being drawn.
    void drop() {
        closeRun();
    }

    private void closeRun() {
        if (run != null) {
            run.close();
            run = null;
        }
    }

    private static <T> T loaded(@Nullable T present) {
        if (present == null) {
            throw new IllegalStateException("no policy is loaded yet");
        }
        return present;
    }

    @Override
    public void close() {
        closeRun();
        if (serving != null) {
            serving.close();
            serving = null;
        }
    }
}

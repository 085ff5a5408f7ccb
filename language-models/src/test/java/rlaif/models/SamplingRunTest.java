package rlaif.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.index.NDIndex;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SamplingRunTest {

    private static final SamplingSettings SETTINGS = new SamplingSettings(1, 12);

    private Transformer policy;

    @BeforeEach
    void open() {
        TensorThread.prepare(1);
        policy = Transformer.load(Golden.languageModel());
    }

    @AfterEach
    void close() {
        policy.close();
    }

    private static List<Sampler.Request> group(int number) {
        int[] prompt = new int[3 + number % 4];
        for (int i = 0; i < prompt.length; i++) {
            prompt[i] = 2 + (number + i) % 7;
        }
        List<Sampler.Request> requests = new ArrayList<>();
        for (int index = 0; index < 3; index++) {
            requests.add(new Sampler.Request(prompt, 100L * number + index, 2 + (number * 5) % 11));
        }
        return requests;
    }

    @Test
    void completionsThatJoinLaterAreThoseOfTheSameRequestsAlone() {
        List<SamplingRun.Drawn> drawn = new ArrayList<>();
        int steps = 0;
        try (SamplingRun run = new SamplingRun(policy, SETTINGS, 7, 6, 0)) {
            for (int number = 0; number < 20; number++) {
                while (!run.hasRoom(3, 6)) {
                    run.step();
                    steps++;
                }
                drawn.addAll(run.add(group(number)));
            }
            while (!run.isIdle()) {
                run.step();
                steps++;
            }
        }
        assertThat(steps).isLessThan(20 * 12);
        for (int number = 0; number < 20; number++) {
            try (Sampler sampler = new Sampler(policy, 3)) {
                List<Sampler.Sample> alone = sampler.sample(group(number), SETTINGS);
                for (int index = 0; index < 3; index++) {
                    SamplingRun.Drawn joined = drawn.get(3 * number + index);
                    assertThat(joined.finished()).isTrue();
                    assertThat(joined.sample().tokens()).isEqualTo(alone.get(index).tokens());
                    assertThat(joined.sample().ended()).isEqualTo(alone.get(index).ended());
                    for (int i = 0; i < joined.sample().tokens().length; i++) {
                        assertThat(joined.sample().logprobs()[i])
                                .isCloseTo(alone.get(index).logprobs()[i], within(1e-4f));
                    }
                }
            }
        }
    }

    @Test
    void roomIsWhatThoseThatHaveEndedLeave() {
        try (SamplingRun run = new SamplingRun(policy, SETTINGS, 6, 4, 1)) {
            assertThat(run.hasRoom(9, 4)).as("nothing else is drawn").isTrue();
            assertThat(run.hasRoom(1, 5)).as("too long a prompt").isFalse();
            List<SamplingRun.Drawn> drawn = run.add(group(0));
            run.add(group(4));
            assertThat(run.hasRoom(1, 4)).as("one may wait").isTrue();
            assertThat(run.hasRoom(2, 4)).isFalse();
            while (drawn.stream().anyMatch(one -> !one.finished())) {
                run.step();
            }
            assertThat(run.hasRoom(3, 4)).isTrue();
            assertThatThrownBy(() -> run.add(group(3)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("6 tokens");
        }
    }

    @Test
    void placesStandEmptyForFewSteps() {
        int places = 8;
        int groups = 60;
        int longest = SETTINGS.maxTokens();
        List<SamplingRun.Drawn> drawn = new ArrayList<>();
        int steps = 0;
        try (SamplingRun run =
                new SamplingRun(policy, SETTINGS, places, 6, SamplingRun.worthWaiting(places))) {
            for (int number = 0; number < groups || !run.isIdle(); steps++) {
                while (number < groups && run.hasRoom(2, 6)) {
                    drawn.addAll(run.add(group(number++).subList(0, 2)));
                }
                run.step();
            }
        }
        int tokens = drawn.stream().mapToInt(one -> one.sample().tokens().length).sum();
        int reading = Math.ceilDiv(groups * 2, places / 4); // steps, were each lot the smallest
        int afterTheFirst = tokens - drawn.size(); // reading draws the first token of each
        assertThat(steps - reading).isLessThan(afterTheFirst * 5 / 4 / places + longest);
    }

    @Test
    void keepsNoArraysOfAStep() {
        try (SamplingRun run = new SamplingRun(policy, SETTINGS, 8, 6, 2)) {
            int ofOneGroup = 0;
            for (int number = 0; number < 30; number++) {
                run.add(group(number));
                while (!run.isIdle()) {
                    run.step();
                }
                int arrays = arraysBelow((BaseNDManager) run.manager());
                ofOneGroup = number == 0 ? arrays : ofOneGroup;
                assertThat(arrays).isEqualTo(ofOneGroup);
            }
        }
    }

    /// Arrays of a manager and of all managers below it.
    private static int arraysBelow(BaseNDManager manager) {
        int arrays = manager.getManagedArrays().size();
        for (AutoCloseable owned : owned(manager)) {
            if (owned instanceof BaseNDManager below) {
                arrays += arraysBelow(below);
            }
        }
        return arrays;
    }

    private static List<AutoCloseable> owned(BaseNDManager manager) {
        try {
            Field resources = BaseNDManager.class.getDeclaredField("resources");
            resources.setAccessible(true);
            return ((Map<?, ?>) resources.get(manager))
                    .values().stream().map(AutoCloseable.class::cast).toList();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("DJL keeps what a manager owns elsewhere", e);
        }
    }

    @Test
    void aWeightThatIsNoNumberIsNamedAndDrawsNothing() {
        assertThat(policy.notFinite()).isEmpty();
        ParameterLayout.Named named = policy.layout().named().get(3);
        policy.parameters().set(new NDIndex("{}", named.offset() + 1), Float.NaN);
        assertThat(policy.notFinite()).hasValue(named.name());
        policy.parameters().set(new NDIndex("{}", named.offset() + 1), Float.POSITIVE_INFINITY);
        assertThat(policy.notFinite()).hasValue(named.name());
        try (SamplingRun run = new SamplingRun(policy, SETTINGS, 6, 4, 0)) {
            run.add(group(0));
            assertThatThrownBy(run::step)
                    .isInstanceOf(NotFiniteException.class)
                    .hasMessageContaining("not finite");
        }
    }
}

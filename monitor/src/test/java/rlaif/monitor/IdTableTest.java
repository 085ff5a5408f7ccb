package rlaif.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IdTableTest {
    @Test
    void holdsWhatAMapHolds() {
        Random random = new Random(5);
        Map<Id, Long> expected = new HashMap<>();
        IdTable table = new IdTable();
        for (int i = 0; i < 50_000; i++) {
            Id id = new Id(random.nextInt(100), random.nextInt(200));
            long number = random.nextLong(1, 10);
            expected.put(id, number);
            table.set(id, number);
        }

        Map<Id, Long> visited = new HashMap<>();
        table.forEach(visited::put);

        assertThat(visited).isEqualTo(expected);
        assertThat(table.size()).isEqualTo(expected.size());
        assertThat(table.get(new Id(3, 3))).isEqualTo(expected.getOrDefault(new Id(3, 3), 0L));
        assertThat(table.get(new Id(1000, 1000))).isZero();
    }

    @Test
    void refusesTheNumberThatMarksAbsence() {
        assertThatThrownBy(() -> new IdTable().set(new Id(1, 2), 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hexNamesKeepTheirText() {
        String hex = "00ff00ff00ff00ff1234567890abcdef";

        assertThat(Id.of(hex).hex()).isEqualTo(hex);
        assertThat(Id.of("pairs-0@99")).isNotEqualTo(Id.of("pairs-0@98"));
    }
}

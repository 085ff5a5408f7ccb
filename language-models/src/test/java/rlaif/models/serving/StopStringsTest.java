package rlaif.models.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StopStringsTest {

    @Test
    void whatMayBeginAStopIsHeldBackUntilItIsNone() {
        StopStrings stops = new StopStrings(List.of("END", "\n\n"));
        assertThat(stops.add("the E")).isEqualTo("the ");
        assertThat(stops.add("N")).isEmpty();
        assertThat(stops.add("\n")).isEqualTo("EN");
        assertThat(stops.add("x")).isEqualTo("\nx");
        assertThat(stops.found()).isFalse();
    }

    @Test
    void nothingFromTheFirstStopOnIsGiven() {
        StopStrings stops = new StopStrings(List.of("b c", "c"));
        assertThat(stops.add("a b")).isEqualTo("a ");
        assertThat(stops.add(" cd")).isEmpty();
        assertThat(stops.found()).isTrue();
        assertThat(stops.add("more")).isEmpty();
        assertThat(stops.rest()).isEmpty();
    }

    @Test
    void whatWasHeldBackComesAtTheEnd() {
        StopStrings stops = new StopStrings(List.of("END"));
        assertThat(stops.add("the EN")).isEqualTo("the ");
        assertThat(stops.rest()).isEqualTo("EN");
    }

    @Test
    void withoutStopsNothingIsHeldBack() {
        assertThat(new StopStrings(List.of()).add("all of it")).isEqualTo("all of it");
    }
}

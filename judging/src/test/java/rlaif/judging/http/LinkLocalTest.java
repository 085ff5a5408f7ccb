package rlaif.judging.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LinkLocalTest {
    @Test
    void whatAHostResolvesToDecides() {
        assertThat(LinkLocal.refusal("169.254.0.1")).isPresent();
        assertThat(LinkLocal.refusal("127.0.0.1")).isEmpty();
        assertThat(LinkLocal.refusal("localhost")).isEmpty();
        assertThat(LinkLocal.refusal("192.168.1.1")).isEmpty();
    }

    @Test
    void aNameIsNoLiteral() {
        assertThat(LinkLocal.refusalOfLiteral("localhost")).isEmpty();
        assertThat(LinkLocal.refusalOfLiteral("169.254.169.254")).isPresent();
    }
}

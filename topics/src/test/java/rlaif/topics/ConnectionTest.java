package rlaif.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ConnectionTest {
    private static Connection with(String... keysAndValues) {
        Map<String, String> settings = new HashMap<>();
        settings.put("kafka.bootstrap.servers", "b:1");
        settings.put("schema.registry.url", "http://r:2");
        for (int i = 0; i < keysAndValues.length; i += 2) {
            settings.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return new Connection(settings, "");
    }

    @Test
    void namesCarryThePrefix() {
        Connection plain = with();
        assertThat(plain.name(Topic.SCORED_ROLLOUTS)).isEqualTo("rlaif.scored-rollouts.v1");
        assertThat(plain.deadLetters(Topic.PAIRS)).isEqualTo("rlaif.pairs.v1.dlq");
        assertThat(plain.group("judge")).isEqualTo("rlaif-judge");
        Connection prefixed = new Connection(plain.settings(), "team.a");
        assertThat(prefixed.name(Topic.PAIRS)).isEqualTo("team.a.rlaif.pairs.v1");
        assertThat(prefixed.group("judge")).isEqualTo("team.a.rlaif-judge");
        assertThat(prefixed.transactionalId("chat", "train-ppo"))
                .isEqualTo("team.a.rlaif-publish-chat-train-ppo");
    }

    @Test
    void aKafkaSettingReachesEveryClient() {
        Connection tls = with("kafka.security.protocol", "SSL");
        assertThat(tls.consumer(Map.of())).containsEntry("security.protocol", "SSL");
        assertThat(tls.producer(Map.of())).containsEntry("security.protocol", "SSL");
        assertThat(tls.admin(Map.of())).containsEntry("security.protocol", "SSL");
        assertThat(tls.streams(Map.of()))
                .containsEntry("security.protocol", "SSL")
                .containsEntry("bootstrap.servers", "b:1");
    }

    @Test
    void aSettingOfOneKindOfClientReachesThatKind() {
        Connection connection =
                with(
                        "kafka.consumer.max.poll.records", "7",
                        "kafka.producer.linger.ms", "9",
                        "kafka.streams.num.stream.threads", "2",
                        "kafka.admin.retries", "3");
        assertThat(connection.consumer(Map.of()))
                .containsEntry("max.poll.records", "7")
                .doesNotContainKeys("linger.ms", "producer.linger.ms", "num.stream.threads");
        assertThat(connection.producer(Map.of()))
                .containsEntry("linger.ms", "9")
                .doesNotContainKey("max.poll.records");
        assertThat(connection.admin(Map.of())).containsEntry("retries", "3");
        assertThat(connection.streams(Map.of()))
                .containsEntry("num.stream.threads", "2")
                .containsEntry("consumer.max.poll.records", "7")
                .containsEntry("producer.linger.ms", "9")
                .containsEntry("admin.retries", "3")
                .doesNotContainKeys("linger.ms", "max.poll.records");
    }

    @Test
    void whatExactlyOnceRestsOnIsSetAndCannotBeChanged() {
        assertThat(with().consumer(Map.of()))
                .containsEntry("isolation.level", "read_committed")
                .containsEntry("auto.offset.reset", "none")
                .containsEntry("enable.auto.commit", "false");
        assertThat(with().producer(Map.of()))
                .containsEntry("acks", "all")
                .containsEntry("compression.type", "zstd");
        assertThat(with().streams(Map.of()))
                .containsEntry("processing.guarantee", "exactly_once_v2");
        assertThatThrownBy(() -> with("kafka.producer.acks", "1"))
                .hasMessage(
                        "`kafka.producer.acks` must be `all`, not `1`: exactly-once rests on it");
        assertThatThrownBy(() -> with("kafka.auto.offset.reset", "latest"))
                .hasMessageContaining("`kafka.auto.offset.reset` must be `none`");
        assertThat(with("kafka.producer.acks", "all").producer(Map.of()))
                .containsEntry("acks", "all");
    }

    @Test
    void theUsersValueStandsBeforeOurDefaultAndBehindTheClientsOwn() {
        Connection connection = with("kafka.producer.compression.type", "lz4");
        assertThat(connection.producer(Map.of())).containsEntry("compression.type", "lz4");
        assertThat(connection.producer(Map.of("compression.type", "none")))
                .containsEntry("compression.type", "none");
    }

    @Test
    void registrySettingsAreGivenUnderBothOfTheClientsNames() {
        assertThat(with("schema.registry.basic.auth.user.info", "u:p").registry())
                .containsEntry("schema.registry.url", "http://r:2")
                .containsEntry("schema.registry.basic.auth.user.info", "u:p")
                .containsEntry("basic.auth.user.info", "u:p");
    }

    @Test
    void nonsenseIsRefusedByName() {
        assertThatThrownBy(() -> new Connection(Map.of(), "bad prefix"))
                .hasMessageContaining("`bad prefix`");
        assertThatThrownBy(() -> new Connection(Map.of("judge.url", "x"), ""))
                .hasMessageContaining("`judge.url` is no connection setting");
        assertThatThrownBy(() -> new Connection(Map.of(), "").openAdmin())
                .hasMessage("`kafka.bootstrap.servers` is not set");
        assertThatThrownBy(() -> new Codecs(new Connection(Map.of(), "")))
                .hasMessage("`schema.registry.url` is not set");
    }

    @Test
    void serversWhoseNamesResolveToNothingAreUnreachable() {
        Connection nowhere = Connection.to("no-such-host.invalid:9092", "http://r:2");
        assertThatThrownBy(nowhere::openAdmin)
                .isInstanceOf(ClusterUnreachableException.class)
                .hasMessageContaining("no-such-host.invalid:9092");
    }
}

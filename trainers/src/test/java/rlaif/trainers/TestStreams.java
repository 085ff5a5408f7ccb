package rlaif.trainers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import rlaif.cluster.EmbeddedCluster;
import rlaif.topics.Connection;

/// One embedded cluster for all tests, each of which has topics and a folder of its own; started
/// for the first class that wants it, stopped after the last.
public final class TestStreams implements AutoCloseable {
    private final Path folder;
    private final EmbeddedCluster cluster;

    private TestStreams(Path folder) {
        this.folder = folder;
        this.cluster = EmbeddedCluster.start(folder.resolve("cluster"), _ -> {});
    }

    /// A connection to topics of its own, none of which is made yet.
    public Connection connection(String prefix) {
        return new Connection(
                Map.of(
                        "kafka.bootstrap.servers",
                        cluster.bootstrapServers(),
                        "schema.registry.url",
                        cluster.registryUrl()),
                prefix);
    }

    TestStream open(String prefix) {
        return new TestStream(connection(prefix), folder.resolve(prefix));
    }

    @Override
    public void close() {
        cluster.close();
    }

    /// Hands the one cluster to every test that asks for it.
    public static final class Shared implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == TestStreams.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.GLOBAL)
                    .computeIfAbsent("test-streams", _ -> start(), TestStreams.class);
        }

        private static TestStreams start() {
            try {
                return new TestStreams(Files.createTempDirectory("rlaif-trainers"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

package rlaif.producers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// One embedded cluster for all tests that have topics of their own; started for the first class
/// that wants it, stopped after the last.
final class SharedCluster implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestCluster.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.GLOBAL)
                .computeIfAbsent("shared-cluster", _ -> start(), TestCluster.class);
    }

    private static TestCluster start() {
        try {
            return new TestCluster(Files.createTempDirectory("rlaif-producers").resolve("cluster"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

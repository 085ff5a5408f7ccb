package rlaif.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/// The log file of a data directory: at most two files of 20 MB.
final class Logs {
    private static final List<String> WORKERS =
            List.of("rlaif.producers", "rlaif.processors", "rlaif.trainers");

    private Logs() {}

    /// Errors of the workers, as lines.
    private static final class Notices extends AppenderBase<ILoggingEvent> {
        private final Consumer<String> lines;

        Notices(Consumer<String> lines) {
            this.lines = lines;
        }

        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
                lines.accept(event.getFormattedMessage());
            }
        }
    }

    /// Sends every logger to `directory/rlaif.log`: our own from INFO, libraries from WARN;
    /// `verbose` shows more. What ends, damages or holds up a worker's work is also said, in a
    /// line, to `notices`.
    static void into(Path directory, boolean verbose, Consumer<String> notices) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(
                "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX, UTC} %-5level [%thread] %logger{30} %msg%n");
        encoder.start();
        RollingFileAppender<ILoggingEvent> file = new RollingFileAppender<>();
        file.setContext(context);
        file.setFile(directory.resolve("rlaif.log").toString());
        file.setEncoder(encoder);
        FixedWindowRollingPolicy rolling = new FixedWindowRollingPolicy();
        rolling.setContext(context);
        rolling.setParent(file);
        rolling.setFileNamePattern(directory.resolve("rlaif.%i.log").toString());
        rolling.setMinIndex(1);
        rolling.setMaxIndex(1);
        rolling.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
        size.setContext(context);
        size.setMaxFileSize(FileSize.valueOf("20MB"));
        size.start();
        file.setRollingPolicy(rolling);
        file.setTriggeringPolicy(size);
        file.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.addAppender(file);
        for (String workers : WORKERS) {
            Notices said = new Notices(notices);
            said.setContext(context);
            said.start();
            Logger logger = context.getLogger(workers);
            logger.detachAndStopAllAppenders();
            logger.addAppender(said);
        }
        root.setLevel(verbose ? Level.INFO : Level.WARN);
        // It reports the moment between the creation of a topic and its first leader as an error.
        context.getLogger("org.apache.kafka.clients.admin.internals.PartitionLeaderStrategy")
                .setLevel(Level.OFF);
        context.getLogger("rlaif").setLevel(verbose ? Level.DEBUG : Level.INFO);
    }
}

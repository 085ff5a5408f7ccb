package rlaif.cli;

import rlaif.cli.config.Configuration;
import rlaif.cli.config.ConfigurationException;
import rlaif.cli.config.Key;

/// The native threads of a worker that computes: as configured, but no more than there are cores,
/// for more would only wait for each other at the end of every operation.
///
/// @param cores that this process may use, 1 or more
record TensorThreads(Configuration configuration, int cores) {

    TensorThreads(Configuration configuration) {
        this(configuration, Runtime.getRuntime().availableProcessors());
    }

    /// @throws ConfigurationException where more were asked for than there are cores
    int of(Key key) {
        int threads = configuration.whole(key, 1);
        if (threads > cores && configuration.isSet(key)) {
            throw new ConfigurationException(
                    "%s is %d, and this process may use %d cores: give it %d or fewer, or the process more cores. Another number of threads gives results that differ in their last bits"
                            .formatted(key.key(), threads, cores, cores));
        }
        return threads;
    }
}

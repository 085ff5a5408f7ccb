package rlaif.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Names what can be done with refused records.
@Command(
        name = "dlq",
        mixinStandardHelpOptions = true,
        description = {
            "Dead letters: records that a stage refused, with the reason.",
            "A letter is named TOPIC-PARTITION@OFFSET: the topic that its record came from, and where the letter stands in that topic's .dlq.",
            "Ages count from the time of the record."
        },
        footer = {
            "",
            "Examples:",
            "  rlaif dlq list --since 1h",
            "  rlaif dlq show pairs-3@42",
            "  rlaif dlq retry --code JUDGE_UNAVAILABLE       # after the judge is back",
            "  rlaif dlq purge --topic pairs --older 14d --yes",
            "",
            "While a process holds the data directory, name its cluster: -b HOST:PORT -X schema.registry.url=URL."
        },
        subcommands = {
            DlqListCommand.class,
            DlqPurgeCommand.class,
            DlqRetryCommand.class,
            DlqShowCommand.class
        })
final class DlqCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "name what to do: dlq list, show, retry or purge");
    }
}

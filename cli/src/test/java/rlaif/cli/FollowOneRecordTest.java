package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import rlaif.topics.Topic;

/// Holds the README's "Follow one record" to the map of topics, the schemas and the sources.
class FollowOneRecordTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern STEP = Pattern.compile("(?m)^\\d+\\. `([a-z-]+)`: ");
    private static final Pattern LINK = Pattern.compile("\\[([^\\]]+)]\\(([^)]+)\\)");

    /// Topics that no record passes on its way from prompt to policy.
    private static final Set<Topic> BESIDE_THE_FLOW =
            Set.of(
                    Topic.REVISIONS,
                    Topic.HUMAN_LABELS,
                    Topic.LABEL_STATS,
                    Topic.CONSTITUTIONS,
                    Topic.ROLE_STARTS);

    @Test
    void stepsAreTheTopicsInTheOrderOfTheFlow() throws IOException {
        List<String> steps = new ArrayList<>();
        Matcher step = STEP.matcher(section());
        while (step.find()) {
            steps.add(step.group(1));
        }

        List<String> flow = new ArrayList<>();
        for (Topic topic : Topic.values()) {
            if (!BESIDE_THE_FLOW.contains(topic)) {
                flow.add(topic.shortName());
            }
        }
        assertThat(steps).isEqualTo(flow);
    }

    @Test
    void everyLinkLeadsToTheClassOrSchemaThatItNames() throws IOException {
        Matcher link = LINK.matcher(section());
        int links = 0;
        while (link.find()) {
            Path target = ROOT.resolve(link.group(2));
            assertThat(target).exists();
            if (target.toString().endsWith(".java")) {
                assertThat(Files.readString(target)).contains("class " + link.group(1));
            } else {
                String name = new Schema.Parser().parse(schemas(target)).getName();
                assertThat(link.group(1)).isIn(name, "pairs");
            }
            links++;
        }
        assertThat(links).isGreaterThan(12);
    }

    /// The schema as the build knows it: the file alone leaves out the types that it shares.
    private static String schemas(Path file) throws IOException {
        String text = Files.readString(file);
        for (Topic topic : Topic.values()) {
            if (text.contains("\"name\": \"" + topic.schema().getName() + "\"")) {
                return topic.schema().toString();
            }
        }
        throw new AssertionError(file + " is no topic's schema");
    }

    private static String section() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        int start = readme.indexOf("## Follow one record");
        return readme.substring(start, readme.indexOf("\n## ", start));
    }
}

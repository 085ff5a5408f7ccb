package rlaif.topics;

import java.util.List;
import java.util.Map;

/// One way in which a cluster is not as the map of topics wants it.
public sealed interface Difference {
    /// Whether applying the plan removes it; otherwise the plan is refused as a whole.
    boolean canBeApplied();

    /// The difference in one line, with the way out where there is one to take by hand.
    String describe();

    /// A topic that is not there.
    record MissingTopic(
            String topic, int partitions, short replication, Map<String, String> settings)
            implements Difference {
        public MissingTopic {
            settings = Map.copyOf(settings);
        }

        @Override
        public boolean canBeApplied() {
            return true;
        }

        @Override
        public String describe() {
            return "create topic %s: %d partitions, replication %d"
                    .formatted(topic, partitions, replication);
        }
    }

    /// A topic setting with another value.
    record OtherSetting(String topic, String setting, String actual, String wanted)
            implements Difference {
        @Override
        public boolean canBeApplied() {
            return true;
        }

        @Override
        public String describe() {
            return "set %s of %s: %s -> %s".formatted(setting, topic, actual, wanted);
        }
    }

    /// A topic with another count of partitions. Fewer is impossible; more would send a prompt's
    /// later records to another partition than its earlier ones, and part topics that are joined.
    record OtherPartitions(String topic, int actual, int wanted) implements Difference {
        @Override
        public boolean canBeApplied() {
            return false;
        }

        @Override
        public String describe() {
            return "%s has %d partitions, not %d, and keyed topics keep their count: set the partition count to %d or choose another prefix"
                    .formatted(topic, actual, wanted, actual);
        }
    }

    /// A topic with another replication factor.
    record OtherReplication(String topic, int actual, int wanted) implements Difference {
        @Override
        public boolean canBeApplied() {
            return false;
        }

        @Override
        public String describe() {
            return "%s has replication %d, not %d: change it with kafka-reassign-partitions or set the replication to %d"
                    .formatted(topic, actual, wanted, actual);
        }
    }

    /// A subject without this build's schema.
    record MissingSchema(String subject) implements Difference {
        @Override
        public boolean canBeApplied() {
            return true;
        }

        @Override
        public String describe() {
            return "register the schema of " + subject;
        }
    }

    /// A subject that checks new schemas less, or otherwise, than replays from offset 0 need.
    record OtherCompatibility(String subject, String actual) implements Difference {
        @Override
        public boolean canBeApplied() {
            return true;
        }

        @Override
        public String describe() {
            return "set compatibility of %s: %s -> %s"
                    .formatted(subject, actual, Subjects.COMPATIBILITY);
        }
    }

    /// A subject with a schema that this build's does not go with.
    record IncompatibleSchema(String subject, List<String> reasons) implements Difference {
        public IncompatibleSchema {
            reasons = List.copyOf(reasons);
        }

        @Override
        public boolean canBeApplied() {
            return false;
        }

        @Override
        public String describe() {
            return "%s holds records that this build's schema does not go with (choose another prefix): %s"
                    .formatted(subject, String.join("; ", reasons));
        }
    }
}

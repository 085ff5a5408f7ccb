package rlaif.monitor;

import java.util.HashMap;
import java.util.Map;
import rlaif.events.RoleStart;
import rlaif.topics.Codec;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Topic;
import rlaif.topics.UnreadableRecordException;

/// The settings that roles were last started with, as far as an account of the stream rests on
/// them.
public final class RoleStartReading {
    private RoleStartReading() {}

    /// Settings by name, by role; a role that nobody noted is missing.
    public static Map<String, Map<String, String>> newest(Connection connection, Codecs codecs) {
        Codec<RoleStart> codec = codecs.codec(Topic.ROLE_STARTS);
        Map<String, Map<String, String>> newest = new HashMap<>();
        try (TopicReading reading = new TopicReading(connection)) {
            reading.read(
                    connection.name(Topic.ROLE_STARTS),
                    true,
                    record -> {
                        try {
                            RoleStart start = codec.decode(record.value());
                            newest.put(start.getRole(), Map.copyOf(start.getSettings()));
                        } catch (UnreadableRecordException e) {
                            // a role whose start cannot be read is one that nobody noted
                        }
                    });
        }
        return newest;
    }
}

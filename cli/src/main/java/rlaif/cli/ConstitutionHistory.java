package rlaif.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import rlaif.processors.ConstitutionLedger;

/// What was ever written about constitutions, and where that leads.
///
/// @param events in the order of the topic
/// @param ledger after all of them
record ConstitutionHistory(List<Event> events, ConstitutionLedger ledger) {
    ConstitutionHistory {
        events = List.copyOf(events);
    }

    /// One record of the topic.
    ///
    /// @param who user and machine that wrote it, as it says; empty: it does not say
    /// @param what published, activated, or unusable
    /// @param id constitution; empty where that cannot be read
    /// @param version 0 where it cannot be read
    /// @param principles how many
    /// @param problem why it is unusable; empty: it is not
    record Event(
            long offset,
            Instant time,
            String who,
            String what,
            String id,
            int version,
            int principles,
            String problem) {
        private static final ObjectMapper JSON = new ObjectMapper();

        String line() {
            return "%6d  %s  %-9s  %-24s  %s"
                    .formatted(
                            offset,
                            time,
                            what,
                            problem.isEmpty() ? id + "/" + version : problem,
                            who);
        }

        ObjectNode json() {
            ObjectNode json =
                    JSON.createObjectNode()
                            .put("offset", offset)
                            .put("time", time.toString())
                            .put("who", who)
                            .put("what", what);
            if (problem.isEmpty()) {
                return json.put("id", id).put("version", version).put("principles", principles);
            }
            return json.put("problem", problem);
        }
    }
}

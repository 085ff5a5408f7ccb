package rlaif.topics;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A right that a role needs on a cluster that checks them.
///
/// @param role who needs it
/// @param resource `topic`, `group` or `transactional-id`
/// @param name name of the resource, or what its name starts with
/// @param prefixed whether `name` is only the start
/// @param operations what the role does with it, as `kafka-acls` spells it
public record Acl(
        Role role, String resource, String name, boolean prefixed, List<String> operations) {
    public Acl {
        operations = List.copyOf(operations);
    }

    /// The arguments of `kafka-acls` that grant it to a principal named as the role.
    public String line() {
        return "--add --allow-principal User:%s %s --%s %s%s"
                .formatted(
                        role.id(),
                        operations.stream()
                                .map(operation -> "--operation " + operation)
                                .collect(Collectors.joining(" ")),
                        resource,
                        name,
                        prefixed ? " --resource-pattern-type prefixed" : "");
    }

    /// Everything that `role` needs.
    static List<Acl> of(Role role, Connection connection) {
        List<Acl> acls = new ArrayList<>();
        for (Topic topic : Topic.values()) {
            boolean reads = topic.readers().contains(role);
            boolean writes = topic.writers().contains(role);
            if (reads) {
                acls.add(literal(role, connection.name(topic), "Read", "Describe"));
                acls.add(literal(role, connection.deadLetters(topic), "Write", "Describe"));
            }
            if (writes) {
                acls.add(literal(role, connection.name(topic), "Write", "Describe"));
            }
        }
        String own = connection.group(role.id());
        acls.add(new Acl(role, "group", own, true, List.of("Read", "Describe")));
        acls.add(new Acl(role, "transactional-id", own, true, List.of("Write", "Describe")));
        switch (role) {
            case JUDGE, SCORE, REVISE, LABEL_STATS ->
                    acls.add(
                            new Acl(
                                    role,
                                    "topic",
                                    own + "-",
                                    true,
                                    List.of("Create", "Read", "Write", "Describe", "Delete")));
            case ROLLOUTS, PROMPTS, MONITOR -> {
                // Lag of the stages ahead.
                acls.add(new Acl(role, "group", connection.group(""), true, List.of("Describe")));
                acls.add(anyTopic(role, connection));
            }
            case TRAIN_SFT, TRAIN_REWARD_MODEL, TRAIN_PPO, TRAIN_DPO -> {
                acls.add(publishing(role, connection));
                // Where scoring begins is where `rollouts` ends.
                acls.add(anyTopic(role, connection));
            }
            case OPERATOR -> {
                acls.add(
                        new Acl(
                                role,
                                "topic",
                                connection.topicsStart(),
                                true,
                                List.of(
                                        "Create",
                                        "Read",
                                        "Write",
                                        "Delete",
                                        "Describe",
                                        "Alter",
                                        "AlterConfigs",
                                        "DescribeConfigs")));
                acls.add(
                        new Acl(
                                role,
                                "group",
                                connection.group(""),
                                true,
                                List.of("Read", "Describe")));
                // A rollback fences the trainer, as a newer trainer would.
                acls.add(publishing(role, connection));
            }
        }
        return acls;
    }

    private static Acl publishing(Role role, Connection connection) {
        return new Acl(
                role,
                "transactional-id",
                connection.group("publish-"),
                true,
                List.of("Write", "Describe"));
    }

    private static Acl anyTopic(Role role, Connection connection) {
        return new Acl(role, "topic", connection.topicsStart(), true, List.of("Describe"));
    }

    private static Acl literal(Role role, String topic, String... operations) {
        return new Acl(role, "topic", topic, false, List.of(operations));
    }
}

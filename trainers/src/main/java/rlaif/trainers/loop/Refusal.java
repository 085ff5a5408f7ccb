package rlaif.trainers.loop;

/// Why a record cannot be trained on.
///
/// @param code for machines, upper case
/// @param cause for people
public record Refusal(String code, String cause) {
    /// The bytes are no record of the topic's schema.
    public static final String UNREADABLE = "UNREADABLE";
}

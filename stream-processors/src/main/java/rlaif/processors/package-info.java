/// The Kafka Streams stages: rollouts to pairs, pairs to judgments and preferences, rollouts to
/// scored rollouts.
@NullMarked
package rlaif.processors;

import org.jspecify.annotations.NullMarked;

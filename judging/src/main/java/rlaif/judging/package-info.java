/// The AI judge: constitution, prompt, verdict, and the combination of both orders. Knows no Kafka.
@NullMarked
package rlaif.judging;

import org.jspecify.annotations.NullMarked;

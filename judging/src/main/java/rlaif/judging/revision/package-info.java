/// Critique and revision: a model finds fault with a completion by a principle, and rewrites it.
@NullMarked
package rlaif.judging.revision;

import org.jspecify.annotations.NullMarked;

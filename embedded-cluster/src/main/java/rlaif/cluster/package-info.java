/// The broker and the schema registry that run when no cluster is configured.
@NullMarked
package rlaif.cluster;

import org.jspecify.annotations.NullMarked;

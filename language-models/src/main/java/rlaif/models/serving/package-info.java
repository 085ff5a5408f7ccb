/// A model behind OpenAI's HTTP interface: many clients, one tensor thread.
@NullMarked
package rlaif.models.serving;

import org.jspecify.annotations.NullMarked;

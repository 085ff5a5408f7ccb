/// The part of the Jinja template language that chat templates are written in, exact to the byte
/// with Jinja2 under Transformers' settings (`trim_blocks`, `lstrip_blocks`, loop controls, an
/// immutable sandbox), and bounded: a template reaches no class, no file and no network, and its
/// work and output have a limit.
///
/// Read {@link rlaif.models.jinja.Template} first: the source becomes tokens ({@link
/// rlaif.models.jinja.Lexer}), statements and expressions, and these are rendered over values.
@NullMarked
package rlaif.models.jinja;

import org.jspecify.annotations.NullMarked;

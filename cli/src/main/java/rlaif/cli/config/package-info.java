/// Settings: every key with its default, unit and meaning, and where a value came from.
@NullMarked
package rlaif.cli.config;

import org.jspecify.annotations.NullMarked;

/// What watches the stream and changes nothing: the audit, the live tally and the export of
/// preferences.
@NullMarked
package rlaif.monitor;

import org.jspecify.annotations.NullMarked;

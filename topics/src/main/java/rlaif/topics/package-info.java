/// The map of topics: names, settings, serdes, ids, announcements, dead letters.
@NullMarked
package rlaif.topics;

import org.jspecify.annotations.NullMarked;

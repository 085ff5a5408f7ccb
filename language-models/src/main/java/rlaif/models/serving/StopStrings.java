package rlaif.models.serving;

import java.util.List;

/// Text held back as long as it may be the start of a string that ends the completion.
final class StopStrings {

    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private boolean found;

    /// @param stops not empty strings; none: nothing is held back
    StopStrings(List<String> stops) {
        this.stops = stops;
    }

    /// Adds text and gives what is certain to belong to the completion.
    String add(String text) {
        if (found) {
            return "";
        }
        held.append(text);
        int end = -1;
        for (String stop : stops) {
            int at = held.indexOf(stop);
            if (at >= 0 && (end < 0 || at < end)) {
                end = at;
            }
        }
        if (end >= 0) {
            found = true;
            return take(end);
        }
        return take(held.length() - mayBeginAStop());
    }

    /// Whether a stop string has come.
    boolean found() {
        return found;
    }

    /// What was held back, once no more text comes.
    String rest() {
        return found ? "" : take(held.length());
    }

    private String take(int length) {
        int cut = length;
        if (!found && cut > 0 && Character.isHighSurrogate(held.charAt(cut - 1))) {
            cut--;
        }
        String taken = held.substring(0, cut);
        held.delete(0, cut);
        return taken;
    }

    /// Characters at the end that are the start of a stop string.
    private int mayBeginAStop() {
        int longest = 0;
        for (String stop : stops) {
            for (int length = Math.min(stop.length() - 1, held.length());
                    length > longest;
                    length--) {
                if (stop.startsWith(held.substring(held.length() - length))) {
                    longest = length;
                    break;
                }
            }
        }
        return longest;
    }
}

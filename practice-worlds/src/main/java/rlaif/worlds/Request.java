package rlaif.worlds;

import java.util.List;

/// What a prompt says once it is understood.
///
/// @param intent what it wants
/// @param slots what it asks for, or, for a false fact, the truth; empty where nothing is asked
/// @param claims the false sentence that it states; empty unless the intent is a false fact
record Request(Intent intent, List<Slot> slots, List<String> claims) {
    Request {
        slots = List.copyOf(slots);
        claims = List.copyOf(claims);
    }

    static Request of(Intent intent) {
        return new Request(intent, List.of(), List.of());
    }

    static Request of(Intent intent, List<Slot> slots) {
        return new Request(intent, slots, List.of());
    }
}

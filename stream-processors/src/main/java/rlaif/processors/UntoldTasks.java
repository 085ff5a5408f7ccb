package rlaif.processors;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.streams.processor.TaskId;

/// The tasks of this process that have counted what they have not yet told.
final class UntoldTasks {
    private final Set<TaskId> untold = ConcurrentHashMap.newKeySet();

    void counted(TaskId task) {
        untold.add(task);
    }

    /// Told everything, or is of this process no longer.
    void told(TaskId task) {
        untold.remove(task);
    }

    boolean isEmpty() {
        return untold.isEmpty();
    }
}

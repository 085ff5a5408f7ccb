package rlaif.benchmarks.judge;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;

/// Writes `heap BYTES` once a second: what the heap's pools held after their last collection.
final class HeapReport {
    static final String PREFIX = "heap ";

    private HeapReport() {}

    static void start() {
        Thread.ofPlatform().daemon().name("heap-report").start(HeapReport::write);
    }

    private static void write() {
        List<MemoryPoolMXBean> pools =
                ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getType() == MemoryType.HEAP)
                        .toList();
        while (!Thread.interrupted()) {
            long used = 0;
            for (MemoryPoolMXBean pool : pools) {
                MemoryUsage afterCollection = pool.getCollectionUsage();
                used += afterCollection == null ? 0 : afterCollection.getUsed();
            }
            System.out.println(PREFIX + used);
            try {
                Thread.sleep(1_000);
            } catch (InterruptedException e) {
                return;
            }
        }
    }
}

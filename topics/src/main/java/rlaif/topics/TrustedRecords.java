package rlaif.topics;

import org.apache.avro.util.ClassSecurityValidator;

/// Which classes Avro may make from bytes, and how much memory bytes may claim.
final class TrustedRecords {
    private static final String LIMITS = "org.apache.avro.limits.";

    private TrustedRecords() {}

    /// Trusts the records of this project for the whole JVM; must run before Avro's first read.
    static void install() {
        for (String limit :
                new String[] {"bytes.maxLength", "string.maxLength", "collectionItems.maxLength"}) {
            if (System.getProperty(LIMITS + limit) == null) {
                System.setProperty(LIMITS + limit, Integer.toString(Topic.MAX_RECORD_BYTES));
            }
        }
        ClassSecurityValidator.setGlobal(
                ClassSecurityValidator.composite(
                        ClassSecurityValidator.getGlobal(), TrustedRecords::isOurs));
    }

    private static boolean isOurs(Class<?> type) {
        return type.getPackageName().equals("rlaif.events");
    }
}

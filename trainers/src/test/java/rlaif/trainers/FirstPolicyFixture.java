package rlaif.trainers;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// What tests of learners start from: a first policy, stored anew for each.
abstract class FirstPolicyFixture {
    @TempDir private Path folder;

    FirstPolicy policy;

    @BeforeEach
    void storeAPolicy() {
        policy = FirstPolicy.in(folder);
    }

    @AfterEach
    void closePolicy() {
        policy.close();
    }
}

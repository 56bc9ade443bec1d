package dev.plinto.polar.testing;

import io.quarkus.test.junit.callback.QuarkusTestBeforeClassCallback;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.pollinterval.PollInterval;

/// Lets the tests of every `@QuarkusTest` class check at once whether what they wait for has happened, and then after
/// 10, 20, 40 and 80 ms: most of it has happened before the 100 ms for which Awaitility waits by itself.
public final class PollAtOnce implements QuarkusTestBeforeClassCallback {

    private static final PollInterval GROWING = (count, previous) -> Duration
            .ofMillis(Math.min(100, 10L << Math.min(count - 1, 10)));

    @Override
    public void beforeClass(Class<?> testClass) {
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        Awaitility.setDefaultPollInterval(GROWING);
    }
}

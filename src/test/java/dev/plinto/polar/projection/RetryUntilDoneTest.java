package dev.plinto.polar.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import java.net.ConnectException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class RetryUntilDoneTest {

    private final RetryUntilDone retry = new RetryUntilDone();

    @Test
    void databaseThatGivesNoConnection_isWaitedFor() {
        Deque<Throwable> failures = new ArrayDeque<>(List.of(new ConnectException("Connection refused"),
                new NoStackTraceThrowable("Timeout"), new PgException("starting up", "FATAL", "57P03", null)));

        assertThat(retry.untilDone("Projection", 1, () -> succeedAfter(failures))).isEqualTo("done");
    }

    @Test
    void workThatRunsIntoTimeouts_isTooLarge() {
        Deque<Throwable> failures = new ArrayDeque<>(Collections.nCopies(3, new TimeoutException()));

        assertThatThrownBy(() -> retry.untilDone("Projection", 3, () -> succeedAfter(failures)))
                .isInstanceOf(BatchTooLarge.class).hasMessageContaining("PostgreSQL does not answer");
    }

    private static String succeedAfter(Deque<Throwable> failures) {
        if (failures.isEmpty()) {
            return "done";
        }
        throw new CompletionException(failures.remove());
    }
}

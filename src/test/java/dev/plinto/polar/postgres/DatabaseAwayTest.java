package dev.plinto.polar.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.TimeoutException;
import io.vertx.core.VertxException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DatabaseAwayTest {

    @ParameterizedTest
    @CsvSource({"08006, true", "28P01, true", "3D000, true", "40P01, true", "53300, true", "55P03, true", "57P01, true",
            "57014, true", "58030, true", "XX000, true", "25006, true",
            "22P02, false", "23505, false", "25001, false", "42P01, false", "42501, false", "42703, false",
            "P0001, false"})
    void sqlstate_decides(String state, boolean isAway) {
        PgException refused = new PgException("refused", "ERROR", state, "detail");

        assertThat(DatabaseAway.isCauseOf(refused)).isEqualTo(isAway);
        assertThat(DatabaseAway.isCauseOf(new CompletionException(refused))).isEqualTo(isAway);
        assertThat(DatabaseAway.describe(new CompletionException(refused))).endsWith("SQLSTATE " + state);
    }

    static Throwable[] away() {
        return new Throwable[] {new ConnectException("refused"), new ClosedChannelException(), new TimeoutException(),
                new VertxException("Connection was closed"), new NoStackTraceThrowable("Timeout"),
                new CompletionException("silent", new java.util.concurrent.TimeoutException())};
    }

    @ParameterizedTest
    @MethodSource("away")
    void connectionThatFails_isAway(Throwable failure) {
        assertThat(DatabaseAway.isCauseOf(failure)).isTrue();
    }

    static Throwable[] faults() {
        return new Throwable[] {new ClassCastException(), new IllegalStateException(), new NullPointerException(),
                new NoSuchElementException(), new CompletionException(new IllegalArgumentException()),
                new StackOverflowError()};
    }

    @ParameterizedTest
    @MethodSource("faults")
    void bug_isNotTheDatabases(Throwable failure) {
        assertThat(DatabaseAway.isCauseOf(failure)).isFalse();
    }
}

package dev.plinto.polar.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.plinto.polar.polar.PolarObject;
import dev.plinto.polar.polar.PolarObject.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// How much of a list a run reads.
class ListReadTest {

    private static final Instant NOW = Instant.parse("2026-11-20T08:00:00Z");
    private static final Duration LONG_AGO = Duration.ofDays(400);

    @ParameterizedTest
    @EnumSource(Kind.class)
    void listThatWasNeverRead_isReadWhole(Kind kind) {
        assertThat(ListRead.NEVER.isDue(kind, NOW)).isTrue();
        assertThat(ListRead.NEVER.endsWith(kind, created(kind, LONG_AGO), NOW)).isFalse();
    }

    @Test
    void checkouts_areReadBackToThreeDaysBeforeTheLastReading() {
        ListRead read = read(Duration.ofDays(10), Duration.ofDays(10));

        assertThat(read.endsWith(Kind.CHECKOUT, created(Kind.CHECKOUT, Duration.ofDays(13)), NOW)).isFalse();
        assertThat(read.endsWith(Kind.CHECKOUT, created(Kind.CHECKOUT, Duration.ofDays(13).plusSeconds(1)), NOW))
                .isTrue();
    }

    @Test
    void orders_areReadWholeOnceADay() {
        assertThat(read(Duration.ofHours(1), Duration.ofHours(23)).endsWith(Kind.ORDER, created(Kind.ORDER, LONG_AGO),
                NOW)).isTrue();
        assertThat(read(Duration.ofHours(1), Duration.ofHours(24)).endsWith(Kind.ORDER, created(Kind.ORDER, LONG_AGO),
                NOW)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"MEMBER", "SEAT"})
    void membersAndSeats_areReadOnceADay(Kind kind) {
        assertThat(read(Duration.ofHours(23), Duration.ofHours(23)).isDue(kind, NOW)).isFalse();
        assertThat(read(Duration.ofHours(24), Duration.ofHours(24)).isDue(kind, NOW)).isTrue();
    }

    @Test
    void membersOfAllCustomers_areReadOnceAWeek() {
        assertThat(read(Duration.ofDays(1), Duration.ofDays(6)).isWholeDue(Kind.MEMBER, NOW)).isFalse();
        assertThat(read(Duration.ofDays(1), Duration.ofDays(7)).isWholeDue(Kind.MEMBER, NOW)).isTrue();
        assertThat(ListRead.NEVER.isWholeDue(Kind.MEMBER, NOW)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"CHECKOUT", "ORDER", "MEMBER", "SEAT"})
    void otherLists_areReadWholeInEachRun(Kind kind) {
        ListRead read = read(Duration.ofHours(1), Duration.ofHours(1));

        assertThat(read.isDue(kind, NOW)).isTrue();
        assertThat(read.endsWith(kind, created(kind, LONG_AGO), NOW)).isFalse();
    }

    /// Polar states it of each; without it nothing is known of the objects after it.
    @Test
    void objectWithoutATimeOfCreation_endsNoReading() {
        PolarObject timeless = new PolarObject(Kind.CHECKOUT, "o", Optional.empty(),
                JsonNodeFactory.instance.objectNode());

        assertThat(read(Duration.ofDays(1), Duration.ofDays(1)).endsWith(Kind.CHECKOUT, List.of(timeless), NOW))
                .isFalse();
        assertThat(read(Duration.ofDays(1), Duration.ofDays(1)).endsWith(Kind.CHECKOUT, List.of(), NOW)).isFalse();
    }

    private static ListRead read(Duration readAgo, Duration wholeAgo) {
        return new ListRead(Optional.of(NOW.minus(readAgo)), Optional.of(NOW.minus(wholeAgo)));
    }

    private static List<PolarObject> created(Kind kind, Duration ago) {
        return List.of(new PolarObject(kind, "o", Optional.empty(),
                JsonNodeFactory.instance.objectNode().put("created_at", NOW.minus(ago).toString())));
    }
}

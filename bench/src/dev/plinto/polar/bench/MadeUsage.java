package dev.plinto.polar.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.Database;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/// The metered events of one load, numbered from 0, and what is in the database after it. `bench/wrk/usage.lua` makes
/// the same.
///
/// @param prefix of their keys
/// @param time   at which all of them occurred
record MadeUsage(String prefix, String time) {

    static final int ORGANIZATIONS = 200;
    static final String NAME = "export.rows";
    static final String PROPERTIES = "{\"format\":\"csv\",\"seconds\":0.25}";

    /// Events are sent to Polar when their time has passed: not while their intake is measured.
    private static final Duration AHEAD = Duration.ofMinutes(4);

    static MadeUsage of(String prefix) {
        return new MadeUsage(prefix + "-",
                Clock.systemUTC().instant().plus(AHEAD).truncatedTo(ChronoUnit.MILLIS).toString());
    }

    static String organization(long number) {
        return "organization-" + number % ORGANIZATIONS;
    }

    static long quantity(long number) {
        return number % 100 + 1;
    }

    /// The body of a request.
    String list(long first, int size) {
        return LongStream.range(first, first + size).mapToObj(this::event)
                .collect(Collectors.joining(",", "{\"events\":[", "]}"));
    }

    private String event(long number) {
        return """
                {"organization_id":"%s","event_name":"%s","quantity":%d,"timestamp":"%s","idempotency_key":"%s%d",\
                "properties":%s}""".formatted(organization(number), NAME, quantity(number), time, prefix, number,
                PROPERTIES);
    }

    /// Every accepted event is in the table once, as it was sent, and nothing else.
    ///
    /// @param sent how many at most: the answers to the last requests may not have arrived
    void check(Database database, String table, long accepted, long sent) {
        List<Long> found = database.rows("""
                SELECT count(*), count(DISTINCT key), coalesce(max(number), -1), coalesce(sum(quantity), 0),
                       coalesce(sum(number %% 100 + 1), 0),
                       count(*) FILTER (WHERE organization <> 'organization-' || number %% %d)
                FROM (SELECT *, substr(key, %d)::bigint AS number FROM %s) AS events
                """.formatted(ORGANIZATIONS, prefix.length() + 1, table)).getFirst().stream().map(Long::valueOf)
                .toList();
        assertThat(found.getFirst()).as("events in %s", table).isBetween(accepted, sent).isEqualTo(found.get(1));
        assertThat(found.get(2)).as("the highest number in %s", table).isLessThan(sent);
        assertThat(found.get(3)).as("the sum of quantities in %s", table).isEqualTo(found.get(4));
        assertThat(found.get(5)).as("events of another organization in %s", table).isZero();
    }

    /// Our tables: each event has its key, and each key its event.
    static void checkKeys(Database database) {
        assertThat(database.number("""
                SELECT count(*) FROM usage_keys FULL JOIN usage_events USING (organization, id)
                WHERE usage_keys.quantity IS DISTINCT FROM usage_events.quantity
                """)).as("events without their key, and keys without their event").isZero();
    }
}

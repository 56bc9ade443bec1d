package dev.plinto.polar.polar.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.polar.api.OrganizationCalls.Count;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Each organization has twenty calls in any minute, on all replicas together. The test moves the clock by moving the
/// stored times.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class OrganizationCallsTest {

    private static final Rate PLENTY = Rate.perMinute(100_000);
    private static final Count PERMITTED = new Count.Counted(Optional.empty());
    /// The test takes no part of the interval.
    private static final Rate THREE = new Rate(Duration.ofHours(1), Duration.ofHours(3));

    @Inject
    Pool pool;

    private final Database database = Database.ofSandbox();
    private OrganizationCalls one;
    private OrganizationCalls another;

    @BeforeEach
    void twoReplicas() {
        database.execute("DELETE FROM polar_organization_calls");
        one = new OrganizationCalls(pool, PLENTY);
        another = new OrganizationCalls(pool, PLENTY);
    }

    @AfterEach
    void fill() {
        database.execute("UPDATE polar_requests SET full_at = '-infinity', closed_until = '-infinity'");
    }

    @Test
    void twentyCalls_onAnyReplica_thenNone_andOthersAreNotHeldUp() {
        assertThat(counted(Stream.of(one, another), "org-1", 10)).isEqualTo(20);

        assertThat(count(one, "org-1")).isInstanceOfSatisfying(Count.Exceeded.class,
                exceeded -> assertThat(exceeded.retryAfter()).isBetween(Duration.ofMillis(1), Duration.ofMinutes(1)));
        assertThat(count(another, "org-1")).isInstanceOf(Count.Exceeded.class);
        assertThat(count(one, "org-2")).isEqualTo(PERMITTED);
    }

    /// A count that begins anew each minute would allow forty around its end.
    @Test
    void twentyCalls_inAnyMinute() {
        assertThat(counted(Stream.of(one), "org-1", 10)).isEqualTo(10);
        advance(Duration.ofSeconds(50));
        assertThat(counted(Stream.of(one), "org-1", 20)).isEqualTo(10);

        advance(Duration.ofSeconds(10));

        assertThat(counted(Stream.of(another), "org-1", 20)).isEqualTo(10);
        advance(Duration.ofHours(1));
        assertThat(counted(Stream.of(another), "org-1", 30)).isEqualTo(20);
    }

    @Test
    void simultaneousCalls_areCountedEach() {
        assertThat(simultaneous(i -> count(i % 2 == 0 ? one : another, "org-1")).filter(PERMITTED::equals))
                .hasSize(20);
    }

    @Test
    void call_takesItsPermitOfAllRequests_andWithoutOneItIsCountedAllTheSame() {
        OrganizationCalls few = new OrganizationCalls(pool, THREE);

        assertThat(Stream.of("org-1", "org-1", "org-2").map(organization -> count(few, organization)))
                .containsOnly(PERMITTED);
        assertThat(count(few, "org-2")).isInstanceOfSatisfying(Count.Counted.class,
                counted -> assertThat(counted.permitAfter())
                        .hasValueSatisfying(
                                wait -> assertThat(wait).isBetween(Duration.ofMinutes(59), Duration.ofHours(1))));
        assertThat(database.number("SELECT cardinality(called_at) FROM polar_organization_calls "
                + "WHERE organization = 'org-2'")).isEqualTo(2);
    }

    @Test
    void callThatIsNotCounted_takesNoPermit() {
        counted(Stream.of(one), "org-1", 20);
        fill();

        assertThat(count(one, "org-1")).isInstanceOf(Count.Exceeded.class);

        assertThat(database.column("SELECT full_at = '-infinity' FROM polar_requests")).containsExactly("t");
    }

    @Test
    void simultaneousCalls_getNoMorePermitsThanThereAre() {
        OrganizationCalls few = new OrganizationCalls(pool, THREE);

        assertThat(simultaneous(i -> count(few, "org-" + i)).filter(PERMITTED::equals)).hasSize(3);
    }

    private static Stream<Count> simultaneous(IntFunction<Count> call) {
        List<CompletableFuture<Count>> all = IntStream.range(0, 40)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> call.apply(i))).toList();
        return all.stream().map(CompletableFuture::join);
    }

    @Test
    void organizationsWithoutRecentCalls_leaveNothing() {
        count(one, "org-1");
        advance(Duration.ofMinutes(1));

        count(another, "org-2");

        await().untilAsserted(() -> assertThat(database.column("SELECT organization FROM polar_organization_calls"))
                .containsExactly("org-2"));
    }

    private static long counted(Stream<OrganizationCalls> replicas, String organization, int times) {
        return replicas.flatMap(replica -> IntStream.range(0, times).mapToObj(i -> count(replica, organization)))
                .filter(PERMITTED::equals).count();
    }

    private static Count count(OrganizationCalls replica, String organization) {
        return replica.count(new Purpose.ForOrganization(organization));
    }

    private void advance(Duration time) {
        database.execute("UPDATE polar_organization_calls "
                + "SET called_at = ARRAY(SELECT at - ?::interval FROM unnest(called_at) AS at ORDER BY at)",
                time.toString());
    }
}

package dev.plinto.polar.polar.api;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Each organization has twenty calls in any minute, on all replicas together. The test moves the clock by moving the
/// stored times.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class OrganizationCallsTest {

    @Inject
    Pool pool;

    private final Database database = Database.ofSandbox();
    private OrganizationCalls one;
    private OrganizationCalls another;

    @BeforeEach
    void twoReplicas() {
        database.execute("DELETE FROM polar_organization_calls");
        one = new OrganizationCalls(pool);
        another = new OrganizationCalls(pool);
    }

    @Test
    void twentyCalls_onAnyReplica_thenNone_andOthersAreNotHeldUp() {
        assertThat(counted(Stream.of(one, another), "org-1", 10)).isEqualTo(20);

        assertThat(one.count("org-1")).hasValueSatisfying(
                wait -> assertThat(wait).isBetween(Duration.ofMillis(1), Duration.ofMinutes(1)));
        assertThat(another.count("org-1")).isPresent();
        assertThat(one.count("org-2")).isEmpty();
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
        List<CompletableFuture<Optional<Duration>>> all = IntStream.range(0, 40)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> (i % 2 == 0 ? one : another).count("org-1")))
                .toList();

        assertThat(all.stream().map(CompletableFuture::join).filter(Optional::isEmpty)).hasSize(20);
    }

    @Test
    void organizationsWithoutRecentCalls_leaveNothing() {
        one.count("org-1");
        advance(Duration.ofMinutes(1));

        another.count("org-2");

        assertThat(database.column("SELECT organization FROM polar_organization_calls")).containsExactly("org-2");
    }

    private static long counted(Stream<OrganizationCalls> replicas, String organization, int times) {
        return replicas.flatMap(replica -> IntStream.range(0, times).mapToObj(i -> replica.count(organization)))
                .filter(Optional::isEmpty).count();
    }

    private void advance(Duration time) {
        database.execute("UPDATE polar_organization_calls "
                + "SET called_at = ARRAY(SELECT at - ?::interval FROM unnest(called_at) AS at ORDER BY at)",
                time.toString());
    }
}

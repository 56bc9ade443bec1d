package dev.plinto.polar.billing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// How often a purchase is read at the provider, over all replicas.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(SellingStack.class)
class LateReadsTest {

    private static final Database DATABASE = Database.ofSandbox();

    @Inject
    Pool pool;

    @BeforeEach
    void forget() {
        DATABASE.execute("DELETE FROM activation_reads");
    }

    @Test
    void oneReplica_readsACheckout_andAgainAfter15Seconds() throws Exception {
        Callable<Set<String>> replica = () -> new LateReads(pool).claim(List.of(late("che", "org")));
        try (ExecutorService replicas = Executors.newFixedThreadPool(4)) {
            int claimed = 0;
            for (Future<Set<String>> claim : replicas.invokeAll(List.of(replica, replica, replica, replica))) {
                claimed += claim.get().size();
            }
            assertThat(claimed).isEqualTo(1);
        }
        age(14);
        assertThat(replica.call()).isEmpty();
        age(2);
        assertThat(replica.call()).containsExactly("che");
    }

    @Test
    void readings_areFew_ofAnOrganization_andOfAll() {
        LateReads reads = new LateReads(pool);
        assertThat(reads.claim(List.of(late("a", "org")))).containsExactly("a");
        assertThat(reads.claim(List.of(late("b", "org")))).isEmpty();
        age(11);
        assertThat(reads.claim(List.of(late("b", "org")))).containsExactly("b");

        List<Purchase> many = IntStream.range(0, 60).mapToObj(n -> late("che-" + n, "org-" + n / 2)).toList();
        assertThat(reads.claim(many)).containsExactlyInAnyOrder("che-0", "che-2", "che-4");
        List<Purchase> others = IntStream.range(0, 60).mapToObj(n -> late("other-" + n, "other-" + n)).toList();
        for (int n = 0; n < 20; n++) {
            reads.claim(others);
        }
        assertThat(DATABASE.number("SELECT count(*) FROM activation_reads")).isEqualTo(30);
    }

    @Test
    void everyPurchaseHasItsTurn_thoseThatSucceededFirst() {
        LateReads reads = new LateReads(pool);
        Purchase succeeded = purchase("d", "org", "succeeded");
        List<Purchase> ofOne = List.of(late("a", "org"), late("b", "org"), succeeded);

        assertThat(reads.claim(ofOne)).containsExactly("d");
        age(11);
        assertThat(reads.claim(ofOne)).containsExactly("a");
        age(11);
        assertThat(reads.claim(ofOne)).containsExactly("d");
        age(11);
        assertThat(reads.claim(ofOne)).containsExactly("b");
    }

    @Test
    void whatIsOld_isForgotten() {
        LateReads reads = new LateReads(pool);
        reads.claim(List.of(late("old", "org")));
        age(3_700);

        reads.claim(List.of(late("new", "org")));

        assertThat(DATABASE.column("SELECT checkout_id FROM activation_reads")).containsExactly("new");
    }

    private static Purchase late(String checkout, String organization) {
        return purchase(checkout, organization, "open");
    }

    private static Purchase purchase(String checkout, String organization, String status) {
        return new Purchase(checkout, status, organization, null, null, null, null, null, null, null, false, null,
                Set.of(), Set.of());
    }

    private static void age(int seconds) {
        DATABASE.execute("UPDATE activation_reads SET read_at = read_at - make_interval(secs => ?)", seconds);
    }
}

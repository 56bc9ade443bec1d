package dev.plinto.polar.projection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.entitlement.Draft;
import dev.plinto.polar.entitlement.Event;
import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.MixedLife;
import dev.plinto.polar.entitlement.Order;
import dev.plinto.polar.entitlement.Reading;
import dev.plinto.polar.entitlement.Subscription;
import dev.plinto.polar.telemetry.Trace;
import dev.plinto.polar.testing.LogLines;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DeriveGrantsAgainTest extends OnStoredLives {

    private static final AtomicInteger EVENTS = new AtomicInteger();

    private final DeriveGrantsAgain due = new DeriveGrantsAgain(new Transactions(pool), new RetryUntilDone(),
            new Partitions(pool), Clock.systemUTC(), Set::of);

    @Test
    void livesOfSeveralProviders_endInTheTrueGrants_inAnyOrder() {
        Random random = new Random(955_257);
        for (int n = 0; n < 15; n++) {
            forget();
            MixedLife life = MixedLife.of(random.ints(60, 0, 10_000).boxed().toList());
            List<Event> arrivals = new ArrayList<>(life.events());
            arrivals.addAll(life.events().subList(0, arrivals.size() / 2));
            Collections.shuffle(arrivals, random);
            for (int from = 0, to; from < arrivals.size(); from = to) {
                to = Math.min(arrivals.size(), from + 1 + random.nextInt(6));
                project(received(arrivals.subList(from, to)));
                if (random.nextInt(4) == 0) {
                    due.deriveAll();
                }
            }
            due.deriveAll();

            assertThat(derived()).as("life %d", n).isEqualTo(life.derived());
            assertThat(told("polar.entitlement.changed")).as("each set as stored").isEqualTo(sets());
        }
    }

    @Test
    void changedProduct_isToldToEachOfItsAccountsOnce_withTheEventAsItsCause() {
        apply(1, product("exports"), benefit("exports", "Exports"));
        IntStream.range(0, 120).forEach(n -> apply(2, customer(n), n % 2 == 0 ? subscription(n) : order(n)));
        apply(2, subscription(1000, "another"));
        due.deriveAll();
        database.execute("TRUNCATE outbox");

        apply(3, product("exports", "support"), benefit("support", "Support"));
        assertThat(outbox()).as("as due work").isZero();
        assertThat(database.number("SELECT count(*) FROM redefined_products")).isEqualTo(1);
        due.deriveAll();

        assertThat(outbox()).isEqualTo(120);
        assertThat(told("polar.entitlement.changed")).hasSize(120).allSatisfy((account, set) -> assertThat(set)
                .containsExactly("exports", "support"));
        assertThat(newest("org-7").at("/granted")).hasSize(1);
        assertThat(newest("org-7").at("/cause/webhook_id").asText()).startsWith("w3-");
        assertThat(database.number("SELECT count(*) FROM history WHERE key = 'org-7'")).as("in its history")
                .isGreaterThanOrEqualTo(1);
        assertThat(database.number("SELECT count(*) FROM benefit_changes WHERE account = 'org-7'")).isEqualTo(2);
        due.deriveAll();
        assertThat(outbox()).isEqualTo(120);
        assertThat(database.number("SELECT count(*) FROM redefined_products")).isZero();
    }

    @Test
    void changedBenefit_isToldToTheAccountsOfTheProductsThatListIt() {
        apply(1, product("exports"), benefit("exports", "Exports"), customer(1), subscription(1));
        due.deriveAll();

        apply(2, benefit("exports", "Exports of all"));
        due.deriveAll();

        assertThat(newest("org-1").at("/entitlements/0/description").asText()).isEqualTo("Exports of all");
    }

    @Test
    void purchaseAtFault_holdsUpNoOther_andTheLogNamesIt() {
        apply(1, product("exports"));
        IntStream.range(0, 10).forEach(n -> apply(2, customer(n), subscription(n)));
        due.deriveAll();
        database.execute("ALTER TABLE grants ADD CONSTRAINT poison CHECK (id <> 'conekta:s4:support')");
        try (LogLines log = LogLines.of(DeriveGrantsAgain.class)) {
            apply(3, product("support"));
            due.deriveAll();

            assertThat(log.lines()).singleElement().asString().startsWith(
                    "ERROR The grants of conekta:s4 cannot be derived again");
        } finally {
            database.execute("ALTER TABLE grants DROP CONSTRAINT poison");
        }
        assertThat(database.number("SELECT count(*) FROM redefined_products")).isZero();
        assertThat(database.column("SELECT subscription_id FROM grants WHERE benefit_id = 'exports' "
                + "AND subscription_id LIKE 'conekta:%'")).containsExactly("conekta:s4");
        assertThat(database.number("SELECT count(*) FROM grants WHERE benefit_id = 'support'")).isEqualTo(9);
    }

    @Test
    void messageOfASubscription_namesItsProvider() {
        project(0, 41);
        apply(1, customer(1), subscription(1));

        assertThat(OnStoredLives.told().entrySet()).filteredOn(message -> message.getKey().startsWith(
                "polar.subscription.changed")).hasSizeGreaterThan(1).allSatisfy(message -> assertThat(
                        message.getValue().path("provider").asText())
                        .isEqualTo(message.getKey().contains("conekta:") ? "conekta" : "polar"));
    }

    @Test
    void newerCopyOfAProduct_isNoDueWork() {
        apply(1, product("exports"), customer(1), subscription(1));
        due.deriveAll();
        apply(2, product("exports"));

        assertThat(database.number("SELECT count(*) FROM redefined_products")).isZero();
    }

    @Test
    void benefitThatLeavesTheProduct_takesItsGrantsAway() {
        apply(1, product("exports", "support"), customer(1), subscription(1));

        apply(2, product("support"));
        due.deriveAll();

        assertThat(database.column("SELECT id FROM grants WHERE customer_id LIKE 'conekta:%'"))
                .containsExactly("conekta:s1:support");
        assertThat(newest("org-1").at("/revoked/0").asText()).isEqualTo("exports");
    }

    /// The purchase has read the product, and the change of the product does not see the purchase yet.
    @Test
    void purchaseThatIsStoredWhileItsProductChanges_getsWhatTheProductGivesThen() {
        Random random = new Random(23);
        apply(1, product("exports"));
        for (int n = 2; n < 60; n++) {
            int number = n;
            List<CompletableFuture<Void>> both = Stream.<Runnable>of(
                    () -> apply(number, customer(number), subscription(number)),
                    () -> apply(number, product("b" + number, "c" + number)))
                    .map(work -> CompletableFuture.runAsync(() -> untilDone(work),
                            task -> Thread.ofVirtual().start(() -> {
                                spin(random.nextInt(2_000_000));
                                task.run();
                            })))
                    .toList();
            both.forEach(CompletableFuture::join);
            due.deriveAll();

            assertThat(grantsOf("conekta:s" + n)).as("purchase %d", n).containsExactly("b" + n, "c" + n);
        }
    }

    private static void spin(int nanos) {
        long until = System.nanoTime() + nanos;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }

    private static void untilDone(Runnable work) {
        new RetryUntilDone().untilDone("a test", 0, () -> {
            work.run();
            return true;
        });
    }

    private static void apply(int second, Draft... statements) {
        project(received(List.of(Draft.event(second, "w" + second + "-" + EVENTS.incrementAndGet(), statements))));
    }

    private static List<ReceivedEvent> received(List<Event> events) {
        return events.stream().map(event -> new ReceivedEvent(event.cause().webhookId(), null,
                Clock.systemUTC().instant(), "webhook", new byte[0], null, new Reading.Understood(event), Trace.NONE))
                .toList();
    }

    private static Draft product(String... benefits) {
        return Draft.product("pro", benefits);
    }

    private static Draft benefit(String id, String description) {
        return Draft.benefit(id, description, null);
    }

    private static Draft customer(int number) {
        return Draft.customer("conekta:c" + number, "org-" + number);
    }

    private static Draft subscription(int number) {
        return subscription(number, "pro");
    }

    private static Draft subscription(int number, String product) {
        return facts -> new Subscription(new Id.Subscription("conekta:s" + number), facts
                .carries(Subscription.CUSTOMER_ID, "conekta:c" + number)
                .carries(Subscription.PRODUCT_ID, product).carries(Subscription.STATUS, "active").build());
    }

    private static Draft order(int number) {
        return facts -> new Order(new Id.Order("conekta:o" + number), facts
                .carries(Order.CUSTOMER_ID, "conekta:c" + number).carries(Order.PRODUCT_ID, "pro")
                .carries(Order.STATUS, "paid").carries(Order.TOTAL_AMOUNT, 100L)
                .carries(Order.REFUNDED_AMOUNT, 0L).build());
    }

    private static long outbox() {
        return database.number("SELECT count(*) FROM outbox WHERE topic = 'polar.entitlement.changed'");
    }

    private static JsonNode newest(String account) {
        return OnStoredLives.told().get("polar.entitlement.changed " + account);
    }

    private static List<String> grantsOf(String subscription) {
        return database.column("SELECT benefit_id FROM grants WHERE account IS NOT NULL AND subscription_id = '"
                + subscription + "' ORDER BY benefit_id");
    }

    /// By account, the live grants.
    private static Map<String, Set<String>> derived() {
        Map<String, Set<String>> derived = new TreeMap<>();
        database.rows("SELECT account, id FROM grants WHERE account IS NOT NULL AND id LIKE '%:%:%'").forEach(
                row -> derived.computeIfAbsent(row.get(0), account -> new TreeSet<>()).add(row.get(1)));
        return derived;
    }

    /// By account, the benefits of the newest message.
    private static Map<String, Set<String>> told(String topic) {
        Map<String, Set<String>> told = new TreeMap<>();
        OnStoredLives.told().forEach((key, message) -> {
            if (key.startsWith(topic)) {
                Set<String> set = new TreeSet<>();
                message.path("entitlements").forEach(entitlement -> set.add(entitlement.path("benefit_id").asText()));
                if (!set.isEmpty()) {
                    told.put(message.path("account").asText(), set);
                }
            }
        });
        return told;
    }

    private static Map<String, Set<String>> sets() {
        Map<String, Set<String>> sets = new TreeMap<>();
        database.rows("SELECT account, benefit_id FROM grants WHERE account IS NOT NULL").forEach(
                row -> sets.computeIfAbsent(row.get(0), account -> new TreeSet<>()).add(row.get(1)));
        return sets;
    }
}

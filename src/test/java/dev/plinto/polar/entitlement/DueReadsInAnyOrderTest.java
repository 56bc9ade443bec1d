package dev.plinto.polar.entitlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/// A provider whose events carry whole seconds, several of them the same one: with the due reads that its events ask
/// for, what is known ends as what the provider has, in whatever order events and readings arrive, beside an order at
/// Polar of the same organization.
class DueReadsInAnyOrderTest {

    private static final Duration MARGIN = Duration.ofSeconds(60); // a snapshot speaks so long before its reading
    private static final Duration REPEAT = Duration.ofSeconds(90);
    private static final List<String> STATUSES = List.of("active", "past_due", "paused", "canceled");
    private static final Id.Subscription SUBSCRIPTION = new Id.Subscription("conekta:s");

    /// What the provider has had, each since its moment.
    private record State(Instant since, String status, String product) {

        TrackedObject told(Stamp stamp) {
            return new Subscription(SUBSCRIPTION, Facts.statedAt(stamp)
                    .carries(Subscription.CUSTOMER_ID, "conekta:c")
                    .carries(Subscription.ORGANIZATION_ID, "org")
                    .carries(Subscription.PRODUCT_ID, product)
                    .carries(Subscription.STATUS, status).build());
        }
    }

    @Property(tries = 10_000, seed = "955257")
    void eventsAndReadings_endInWhatTheProviderHas(@ForAll long choice) {
        Random random = new Random(choice);
        List<State> states = states(random);

        Ledger ledger = new Ledger();
        arrivals(states, random, true).forEach(ledger::apply);

        State last = states.getLast();
        Subscription known = (Subscription) ledger.find(SUBSCRIPTION).orElseThrow();
        assertThat(known.facts().get(Subscription.STATUS)).isEqualTo(last.status);
        assertThat(known.product()).contains(new Id.Product(last.product));
        assertThat(ledger.holding(new Id.Grant("conekta:s:of-" + last.product)).isPresent())
                .isEqualTo(last.status.equals("active"));
        assertThat(ledger.holding(new Id.Grant("at-polar"))).isPresent();
    }

    /// The property tries what it promises only if events alone would not do.
    @Test
    void withoutReadings_someEndsWouldBeWrong() {
        Random random = new Random(955_257);
        long wrong = 0;
        for (int i = 0; i < 1_000; i++) {
            List<State> states = states(random);
            Ledger ledger = new Ledger();
            arrivals(states, random, false).forEach(ledger::apply);
            Subscription known = (Subscription) ledger.find(SUBSCRIPTION).orElseThrow();
            wrong += states.getLast().status.equals(known.facts().get(Subscription.STATUS)) ? 0 : 1;
        }
        assertThat(wrong).isGreaterThan(100);
    }

    private static List<State> states(Random random) {
        List<State> states = new ArrayList<>();
        Instant moment = Draft.at(0);
        for (int i = random.nextInt(6); i >= 0; i--) {
            moment = moment.plusMillis(random.nextInt(1_500));
            states.add(new State(moment, STATUSES.get(random.nextInt(STATUSES.size())), "p" + random.nextInt(2)));
        }
        return states;
    }

    private static List<Event> arrivals(List<State> states, Random random, boolean areRead) {
        List<Event> delivered = new ArrayList<>();
        states.forEach(state -> {
            Stamp stamp = new Stamp(Instant.ofEpochSecond(state.since.getEpochSecond()),
                    "%04x-%d".formatted(random.nextInt(0x10000), delivered.size()));
            delivered.add(event(stamp, state.told(stamp)));
        });
        Collections.shuffle(delivered, random);
        List<Event> arrivals = new ArrayList<>(delivered);
        if (areRead) {
            arrivals.addAll(readings(delivered, states, random));
        }
        delivered.stream().filter(event -> random.nextBoolean()).forEach(arrivals::add);
        arrivals.add(Draft.event(-2, "p0", Draft.product("p0", "of-p0"), Draft.product("p1", "of-p1")));
        arrivals.add(Draft.event(3, "o", facts -> new Grant(new Id.Grant("at-polar"), facts
                .carries(Grant.CUSTOMER_ID, "c").carries(Grant.BENEFIT_ID, "of-p0").carries(Grant.IS_GRANTED, true)
                .build()), Draft.customer("c", "org")));
        Collections.shuffle(arrivals, random);
        return arrivals;
    }

    /// For each event that asks for it one reading at some time since, and one after all that was told.
    private static List<Event> readings(List<Event> delivered, List<State> states, Random random) {
        List<Event> readings = new ArrayList<>();
        for (int i = 0; i < delivered.size(); i++) {
            Event event = delivered.get(i);
            Optional<Stamp> newest = delivered.subList(0, i).stream().map(DueRead::stampOf)
                    .reduce((one, other) -> one.isAfter(other) ? one : other);
            if (DueRead.askedBy(event, newest.orElse(null), false).isPresent()) {
                readings.add(
                        reading(states, event.cause().timestamp().plusSeconds(random.nextInt(60)), readings.size()));
                readings.add(reading(states, states.getLast().since.plus(REPEAT), readings.size()));
            }
        }
        return readings;
    }

    private static Event reading(List<State> states, Instant at, int number) {
        Stamp stamp = new Stamp(at.minus(MARGIN), "reading-" + number);
        State read = states.stream().filter(state -> !state.since.isAfter(at)).reduce((first, second) -> second)
                .orElse(states.getFirst());
        return event(stamp, read.told(stamp));
    }

    private static Event event(Stamp stamp, TrackedObject... statements) {
        return new Event(new Cause("test.applied", stamp.webhookId(), stamp.moment()), List.of(statements));
    }
}

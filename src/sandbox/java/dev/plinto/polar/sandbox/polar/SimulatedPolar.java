package dev.plinto.polar.sandbox.polar;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// A small deterministic model of Polar: what the merchant sells, who bought what, and the webhook events that Polar
/// emits for each change, in Polar's order and with all payload fields of API version 2026-10.
///
/// Changes are made by calling actions, grouped as in Polar's own API (`customers().create(…)`,
/// `subscriptions().renew(…)`). An action returns the id of what it made; the events it caused wait until
/// [#takeEvents()]. Clock and source of ids are passed in, so a seed reproduces every byte.
///
/// It acts as Polar does by default: benefits end the moment a payment fails (no grace period), come back under the
/// same grant id when it is paid, and `customer.state_changed` follows each change a second or more later.
///
/// Events are also stored for each of Polar's endpoints ([#webhooks()], [#eventLog()]), and all objects can be read as
/// Polar's API returns them ([#records()]).
///
/// What is due at a certain time, such as the end of a period, happens only when the [calendar][#calendar()] is told to
/// catch up; [#surround(Runnable, Runnable)] can have that done each time before something runs.
///
/// Not thread-safe, except inside [#exclusively(Supplier)].
public final class SimulatedPolar {

    private final SimulatedState state;
    private final Emissions emissions;
    private final Customers customers;
    private final Catalogue catalogue;
    private final Products products;
    private final Meters meters;
    private final Benefits benefits;
    private final Discounts discounts;
    private final Usage usage;
    private final Checkouts checkouts;
    private final Subscriptions subscriptions;
    private final Cancellations cancellations;
    private final Pauses pauses;
    private final SubscriptionTerms terms;
    private final PlanChanges planChanges;
    private final SubscribeForFree subscribeForFree;
    private final Orders orders;
    private final Invoices invoices;
    private final Refunds refunds;
    private final Grants grants;
    private final Seats seats;
    private final Calendar calendar;
    private final SeatAssignments seatAssignments;
    private final Webhooks webhooks;
    private final EventLog eventLog;
    private final CheckoutSessions checkoutSessions;
    private final CustomerSessions customerSessions;
    private final CustomerRegister customerRegister;
    private final CustomerMembers customerMembers;
    private final CustomerRecords customerRecords;
    private final HostedPages pages = new HostedPages();
    private final Records records;
    private final BusinessFaults faults = new BusinessFaults();
    private Runnable beforehand = () -> {};
    private Runnable afterwards = () -> {};

    /// A new state: a merchant with its products, and no customer yet.
    public SimulatedPolar(InstantSource clock, RandomGenerator ids) {
        this(new SimulatedState(), clock, ids);
    }

    /// The same, with these ids of products, by the plans of the [catalogue][#catalogue()].
    public static SimulatedPolar withProducts(Map<String, UUID> ids, InstantSource clock, RandomGenerator random) {
        SimulatedState state = new SimulatedState();
        state.plans.putAll(ids);
        return new SimulatedPolar(state, clock, random);
    }

    /// A saved state, or a new one if it has no merchant.
    SimulatedPolar(SimulatedState state, InstantSource clock, RandomGenerator ids) {
        this.state = state;
        emissions = new Emissions(clock, ids);
        if (state.moment != null) {
            emissions.resumeAfter(state.moment, Duration.of(state.clockAhead, ChronoUnit.MICROS));
        }
        Payloads payloads = new Payloads(state, pages);
        grants = new Grants(state, payloads, emissions);
        catalogue = new Catalogue(state, payloads, emissions, grants);
        products = new Products(state, payloads, emissions, grants);
        meters = new Meters(state, emissions);
        benefits = new Benefits(state, payloads, emissions, grants);
        discounts = new Discounts(state, payloads, emissions);
        orders = new Orders(state, payloads, emissions);
        invoices = new Invoices(state, payloads, emissions, orders, faults, pages);
        refunds = new Refunds(state, payloads, emissions, grants, faults);
        Members members = new Members(state, payloads, emissions);
        seats = new Seats(state, payloads, emissions, members, grants);
        customerSessions = new CustomerSessions(state, emissions, payloads, pages, members);
        seatAssignments = new SeatAssignments(state, members, seats, customerSessions, emissions);
        subscriptions = new Subscriptions(state, payloads, emissions, orders, seats, grants);
        SubscriptionLookup lookup = new SubscriptionLookup(state);
        cancellations = new Cancellations(lookup, subscriptions, orders, emissions);
        pauses = new Pauses(lookup, subscriptions, emissions, faults);
        terms = new SubscriptionTerms(state, subscriptions, emissions, faults);
        planChanges = new PlanChanges(state, subscriptions, terms, seats, orders, emissions, faults);
        subscribeForFree = new SubscribeForFree(state, subscriptions);
        customers = new Customers(state, payloads, emissions, members, seats, subscriptions, grants);
        checkouts = new Checkouts(state, payloads, emissions, customers, subscriptions, orders, grants);
        customerRegister = new CustomerRegister(state, payloads, customers, members, faults);
        customerMembers = new CustomerMembers(state, payloads, members, customers, faults);
        customerRecords = new CustomerRecords(state, payloads, members);
        checkoutSessions = new CheckoutSessions(
                state, payloads, emissions, customers, subscriptions, checkouts, customerSessions, faults);
        calendar = new Calendar(state, emissions, checkouts, checkoutSessions, subscriptions);
        webhooks = new Webhooks(state, emissions);
        eventLog = new EventLog(state, emissions);
        records = new Records(state, payloads);
        usage = new Usage(state, emissions, grants, records);
        emissions.onEmit(eventLog::store);
    }

    public Customers customers() {
        return customers;
    }

    public Catalogue catalogue() {
        return catalogue;
    }

    public Products products() {
        return products;
    }

    public Meters meters() {
        return meters;
    }

    public Benefits benefits() {
        return benefits;
    }

    public Discounts discounts() {
        return discounts;
    }

    public Usage usage() {
        return usage;
    }

    public Checkouts checkouts() {
        return checkouts;
    }

    /// Checkouts as buyers and the API use them.
    public CheckoutSessions checkoutSessions() {
        return checkoutSessions;
    }

    /// Customers as the API creates and changes them.
    public CustomerRegister customerRegister() {
        return customerRegister;
    }

    public CustomerMembers customerMembers() {
        return customerMembers;
    }

    public CustomerRecords customerRecords() {
        return customerRecords;
    }

    public CustomerSessions customerSessions() {
        return customerSessions;
    }

    public Subscriptions subscriptions() {
        return subscriptions;
    }

    public Cancellations cancellations() {
        return cancellations;
    }

    public Pauses pauses() {
        return pauses;
    }

    public SubscriptionTerms terms() {
        return terms;
    }

    public PlanChanges planChanges() {
        return planChanges;
    }

    public SubscribeForFree subscribeForFree() {
        return subscribeForFree;
    }

    public Orders orders() {
        return orders;
    }

    public Invoices invoices() {
        return invoices;
    }

    public Refunds refunds() {
        return refunds;
    }

    public Grants grants() {
        return grants;
    }

    public Seats seats() {
        return seats;
    }

    public Calendar calendar() {
        return calendar;
    }

    public SeatAssignments seatAssignments() {
        return seatAssignments;
    }

    public Webhooks webhooks() {
        return webhooks;
    }

    public EventLog eventLog() {
        return eventLog;
    }

    public Records records() {
        return records;
    }

    /// What Polar refuses for reasons outside the simulation, on demand.
    public BusinessFaults faults() {
        return faults;
    }

    /// The time by Polar's clock: never earlier than the newest change.
    public Instant now() {
        return emissions.now();
    }

    /// Lets simulated time run ahead of the clock by at most this, as in a sandbox that people use at their own pace.
    public void stayWithin(Duration lead) {
        emissions.stayWithin(lead);
    }

    /// The time of the newest change, by which a changed state is told from a saved one.
    public Instant newestChange() {
        return emissions.moment();
    }

    /// Polar's pages for buyers and customers are below this address, such as `http://127.0.0.1:8080/sandbox/polar`.
    public void servePagesAt(String base) {
        pages.serveAt(base);
    }

    /// Runs an action under the lock of this simulation.
    public <T> T exclusively(Supplier<T> something) {
        boolean outermost = !Thread.holdsLock(this);
        synchronized (this) {
            if (outermost) {
                beforehand.run();
            }
            try {
                return something.get();
            } finally {
                if (outermost) {
                    afterwards.run();
                }
            }
        }
    }

    public void exclusively(Runnable something) {
        exclusively(() -> {
            something.run();
            return null;
        });
    }

    /// From now on these run before and after anything that runs [#exclusively(Supplier)], under the same lock.
    public synchronized void surround(Runnable newBeforehand, Runnable newAfterwards) {
        beforehand = newBeforehand;
        afterwards = newAfterwards;
    }

    /// The events emitted since the last call, oldest first, whether an endpoint accepts them or not; the first
    /// endpoint that accepts one has it under the same id.
    public List<WebhookEvent> takeEvents() {
        return emissions.drain();
    }

    /// The events of all `actions` share one timestamp, at the precision of Polar's clock.
    public void simultaneously(Runnable actions) {
        emissions.simultaneously(actions);
    }

    /// The events of all `actions` carry fields that the service does not know.
    public void withFutureFields(Runnable actions) {
        emissions.withFutureFields(actions);
    }

    /// Emits an event of a type that the service does not know, about this customer.
    public void emitUnknownType(UUID customer) {
        emissions.emit("wallet.topped_up", JsonNodeFactory.instance.objectNode()
                .put("id", emissions.newId().toString())
                .put("customer_id", SimulatedState.find(state.customers, customer).id.toString())
                .put("balance", 2_500));
    }

    /// The complete state, for [#restored].
    public byte[] saved() {
        try {
            return SimulatedJson.MAPPER.writeValueAsBytes(state());
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Continues from a [saved][#saved()] state, of this version or an older one.
    ///
    /// @throws IOException if it is not a saved state
    public static SimulatedPolar restored(byte[] saved, InstantSource clock, RandomGenerator ids) throws IOException {
        return new SimulatedPolar(SimulatedJson.MAPPER.readValue(saved, SimulatedState.class), clock, ids);
    }

    String newName() {
        return emissions.newToken(6);
    }

    SimulatedState state() {
        state.moment = emissions.moment();
        state.clockAhead = emissions.ahead().dividedBy(ChronoUnit.MICROS.getDuration());
        return state;
    }
}

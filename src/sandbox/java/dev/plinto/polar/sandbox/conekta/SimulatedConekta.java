package dev.plinto.polar.sandbox.conekta;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// A small deterministic model of Conekta: who buys, what is ordered and paid, and the events that Conekta sends for
/// each change, as API version 2.3.0 writes them.
///
/// Changes are made by calling actions, grouped as in Conekta's own API (`orders().create(…)`,
/// `subscriptions().pause(…)`), and by buyers ([#payments()]). An action returns the id of what it made; the events it
/// caused wait until [#takeEvents()]. Clock and source of ids are passed in, so a seed reproduces every byte but the
/// keys and what they sign. Times are whole seconds, so several events often have the same one.
///
/// What is due at a certain time happens only when the [calendar][#calendar()] is told to catch up.
///
/// Not thread-safe, except inside [#exclusively(Supplier)].
public final class SimulatedConekta {

    private final Addresses addresses = new Addresses();
    private final Journal journal;
    private final Customers customers;
    private final Plans plans;
    private final Orders orders;
    private final Payments payments;
    private final Subscriptions subscriptions;
    private final Portals portals;
    private final Webhooks webhooks;
    private final EventLog eventLog;
    private final Calendar calendar;
    private final Records records;

    /// A merchant's account with nothing in it.
    public SimulatedConekta(InstantSource clock, RandomGenerator random) {
        ConektaState state = new ConektaState();
        Ids ids = new Ids(random);
        journal = new Journal(clock, ids);
        Payloads payloads = new Payloads(state, addresses);
        MerchantPayloads merchant = new MerchantPayloads(state, addresses);
        Charges charges = new Charges(ids, journal, payloads);
        subscriptions = new Subscriptions(state, ids, journal, payloads, charges);
        customers = new Customers(state, ids, journal, subscriptions);
        plans = new Plans(state, ids, journal);
        orders = new Orders(state, ids, journal, payloads);
        payments = new Payments(state, ids, journal, payloads, charges, customers, subscriptions);
        portals = new Portals(state, ids, journal);
        webhooks = new Webhooks(state, ids, journal);
        eventLog = new EventLog(state, ids, journal, merchant);
        calendar = new Calendar(state, journal, orders, subscriptions);
        records = new Records(state, payloads, merchant);
        journal.onEmit(eventLog::store);
    }

    public Customers customers() {
        return customers;
    }

    public Plans plans() {
        return plans;
    }

    public Orders orders() {
        return orders;
    }

    public Payments payments() {
        return payments;
    }

    public Subscriptions subscriptions() {
        return subscriptions;
    }

    public Portals portals() {
        return portals;
    }

    public Webhooks webhooks() {
        return webhooks;
    }

    public EventLog eventLog() {
        return eventLog;
    }

    public Calendar calendar() {
        return calendar;
    }

    public Records records() {
        return records;
    }

    /// The time by Conekta's clock: never earlier than the newest event.
    public Instant now() {
        return journal.now();
    }

    /// Conekta's pages for buyers and customers are below this address, such as
    /// `http://127.0.0.1:8080/sandbox/conekta`.
    public void servePagesAt(String base) {
        addresses.servePagesAt(base);
    }

    /// The addresses of further pages of lists begin so.
    public void serveApiAt(String base) {
        addresses.serveApiAt(base);
    }

    /// @param path from the first slash
    public String apiAddress(String path) {
        return addresses.api(path);
    }

    /// Runs an action under the lock of this simulation.
    public <T> T exclusively(Supplier<T> something) {
        synchronized (this) {
            return something.get();
        }
    }

    public void exclusively(Runnable something) {
        exclusively(() -> {
            something.run();
            return null;
        });
    }

    /// The events emitted since the last call, oldest first, whether a webhook accepts them or not.
    public List<ConektaEvent> takeEvents() {
        return eventLog.take();
    }
}

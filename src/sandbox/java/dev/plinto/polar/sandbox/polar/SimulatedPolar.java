package dev.plinto.polar.sandbox.polar;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Polar's side of the world as a small deterministic model: what the merchant sells, who bought what, and the
/// webhook events that Polar emits for each thing that happens, in Polar's order and with all fields of the payloads
/// of API version 2026-10.
///
/// What happens is told by calling an action, grouped as in Polar's own API (`customers().create(…)`,
/// `subscriptions().renew(…)`). An action returns the id of what it made; the events it caused wait until
/// [#takeEvents()]. The clock and the source of ids are handed in, so a seed reproduces every byte.
///
/// It acts as Polar does by default: benefits end the moment a payment fails (no period of grace), come back under the
/// same grant id when it is paid, and `customer.state_changed` follows each change a second or more later.
///
/// Events are also stored for each of Polar's endpoints ([#webhooks()], [#eventLog()]), and everything can be read as
/// Polar's API shows it ([#records()]).
///
/// Not safe for use by several threads, except for what all of them do inside [#exclusively(Supplier)].
public final class SimulatedPolar {

    private final World world;
    private final Emissions emissions;
    private final Customers customers;
    private final Catalogue catalogue;
    private final Checkouts checkouts;
    private final Subscriptions subscriptions;
    private final Orders orders;
    private final Grants grants;
    private final Seats seats;
    private final Webhooks webhooks;
    private final EventLog eventLog;
    private final Records records;

    /// A new world: a merchant with its products, and no customer yet.
    public SimulatedPolar(InstantSource clock, RandomGenerator ids) {
        this(new World(), clock, ids);
    }

    /// A world that has been saved before, or a new one when it has no merchant.
    SimulatedPolar(World world, InstantSource clock, RandomGenerator ids) {
        this.world = world;
        emissions = new Emissions(clock, ids);
        if (world.moment != null) {
            emissions.resumeAfter(world.moment);
        }
        Payloads payloads = new Payloads(world);
        grants = new Grants(world, payloads, emissions);
        catalogue = new Catalogue(world, payloads, emissions, grants);
        orders = new Orders(world, payloads, emissions, grants);
        subscriptions = new Subscriptions(world, payloads, emissions, orders, grants);
        customers = new Customers(world, payloads, emissions, subscriptions, grants);
        checkouts = new Checkouts(world, payloads, emissions, subscriptions, orders, grants);
        seats = new Seats(world, payloads, emissions);
        webhooks = new Webhooks(world, emissions);
        eventLog = new EventLog(world, emissions);
        records = new Records(world, payloads);
        emissions.writeTo(eventLog::store);
    }

    public Customers customers() {
        return customers;
    }

    public Catalogue catalogue() {
        return catalogue;
    }

    public Checkouts checkouts() {
        return checkouts;
    }

    public Subscriptions subscriptions() {
        return subscriptions;
    }

    public Orders orders() {
        return orders;
    }

    public Grants grants() {
        return grants;
    }

    public Seats seats() {
        return seats;
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

    /// What Polar's clock shows: never earlier than anything that has happened here.
    public Instant now() {
        return emissions.now();
    }

    /// While one thread does something here, others that ask this way wait.
    public synchronized <T> T exclusively(Supplier<T> something) {
        return something.get();
    }

    public synchronized void exclusively(Runnable something) {
        something.run();
    }

    /// The events emitted since the last call, oldest first, whether an endpoint takes them or not; the first endpoint
    /// that takes one has it under the same id.
    public List<WebhookEvent> takeEvents() {
        return emissions.take();
    }

    /// The events of everything that `actions` do share one timestamp, as far as Polar's clock can tell.
    public void simultaneously(Runnable actions) {
        emissions.simultaneously(actions);
    }

    /// The events of everything that `actions` do carry fields that nobody knows yet.
    public void withFutureFields(Runnable actions) {
        emissions.withFutureFields(actions);
    }

    /// An event of a type that nobody knows yet, about this customer.
    public void tellUnknownType(UUID customer) {
        emissions.emit("wallet.topped_up", JsonNodeFactory.instance.objectNode()
                .put("id", emissions.newId().toString())
                .put("customer_id", World.find(world.customers, customer).id.toString())
                .put("balance", 2_500));
    }

    /// Everything that must be kept to go on after a restart.
    public byte[] saved() {
        try {
            return SimulatedJson.MAPPER.writeValueAsBytes(world());
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Goes on from what was [saved][#saved()], by this version or an older one.
    ///
    /// @throws IOException when it is not that
    public static SimulatedPolar restored(byte[] saved, InstantSource clock, RandomGenerator ids) throws IOException {
        return new SimulatedPolar(SimulatedJson.MAPPER.readValue(saved, World.class), clock, ids);
    }

    String newName() {
        return emissions.newToken(6);
    }

    World world() {
        world.moment = emissions.moment();
        return world;
    }
}

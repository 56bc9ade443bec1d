package dev.plinto.polar.sandbox.polar;

import java.time.InstantSource;
import java.util.List;
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
/// Not safe for use by several threads.
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

    /// The events emitted since the last call, oldest first.
    public List<WebhookEvent> takeEvents() {
        return emissions.take();
    }

    /// The events of everything that `actions` do share one timestamp, as far as Polar's clock can tell.
    public void simultaneously(Runnable actions) {
        emissions.simultaneously(actions);
    }

    /// Everything that must be kept to go on after a restart.
    World world() {
        world.moment = emissions.moment();
        return world;
    }
}

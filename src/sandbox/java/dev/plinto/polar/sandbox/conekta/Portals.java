package dev.plinto.polar.sandbox.conekta;

import java.util.Optional;

/// Pages on which customers manage one subscription. They do not end.
public final class Portals {

    private final ConektaState state;
    private final Ids ids;
    private final Journal journal;

    Portals(ConektaState state, Ids ids, Journal journal) {
        this.state = state;
        this.ids = ids;
        this.journal = journal;
    }

    /// The portal of a subscription, which is made if there is none.
    ///
    /// @throws Refusal (404)
    public void open(String subscriptionId) {
        ConektaState.find(state.subscriptions, subscriptionId);
        state.portals.computeIfAbsent(
                subscriptionId, id -> new Portal(ids.hex(), ids.slug(), id, journal.now()));
    }

    /// The subscription of the portal at this address; empty if there is none.
    public Optional<String> atSlug(String slug) {
        return state.portals.values().stream().filter(portal -> portal.slug().equals(slug))
                .map(Portal::subscriptionId).findFirst();
    }
}

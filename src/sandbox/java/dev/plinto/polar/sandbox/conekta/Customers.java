package dev.plinto.polar.sandbox.conekta;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// Who buys. No event tells of a new, changed or deleted customer.
public final class Customers {

    private final ConektaState state;
    private final Ids ids;
    private final Journal journal;
    private final Subscriptions subscriptions;

    Customers(ConektaState state, Ids ids, Journal journal, Subscriptions subscriptions) {
        this.state = state;
        this.ids = ids;
        this.journal = journal;
        this.subscriptions = subscriptions;
    }

    public String create(String name, String email, String phone) {
        Customer customer = new Customer(ids.next("cus"), journal.now());
        customer.name = name;
        customer.email = email;
        customer.phone = phone;
        state.customers.put(customer.id, customer);
        return customer.id;
    }

    /// A null leaves what was.
    public void change(String id, String name, String email, String phone) {
        Customer customer = ConektaState.find(state.customers, id);
        customer.name = name == null ? customer.name : name;
        customer.email = email == null ? customer.email : email;
        customer.phone = phone == null ? customer.phone : phone;
    }

    public void setCustomReference(String id, String reference) {
        ConektaState.find(state.customers, id).customReference = reference;
    }

    public void setMetadata(String id, ObjectNode metadata) {
        ConektaState.find(state.customers, id).metadata = metadata;
    }

    /// Saves a card, which pays.
    ///
    /// @return its id
    public String addCard(String id, String last4) {
        Customer.Card card = new Customer.Card(ids.next("src"), journal.now(), last4);
        ConektaState.find(state.customers, id).cards.add(card);
        return card.id();
    }

    /// Nobody is left to pay the customer's subscriptions: they are canceled.
    public void delete(String id) {
        ConektaState.find(state.customers, id);
        state.subscriptions.values().stream()
                .filter(subscription -> subscription.customerId.equals(id)
                        && subscription.status != SubscriptionStatus.CANCELED)
                .toList()
                .forEach(subscription -> subscriptions.cancel(subscription.id));
        state.customers.remove(id);
    }
}

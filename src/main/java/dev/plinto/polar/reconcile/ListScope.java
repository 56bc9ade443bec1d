package dev.plinto.polar.reconcile;

import java.util.Locale;

/// Whose members or seats are read: Polar lists them of one customer, subscription or order only.
record ListScope(Holder holder, String id) {

    enum Holder {
        /// Has members.
        CUSTOMER,
        /// Has seats.
        SUBSCRIPTION,
        /// A one-time purchase; has seats.
        ORDER
    }

    @Override
    public String toString() {
        return holder.name().toLowerCase(Locale.ROOT) + " " + id;
    }
}

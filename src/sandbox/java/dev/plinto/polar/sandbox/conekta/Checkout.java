package dev.plinto.polar.sandbox.conekta;

import java.time.Instant;

/// The hosted page of an order.
final class Checkout {

    final String id;
    final String slug;
    final CheckoutTerms terms;
    final Instant startsAt;
    final Instant expiresAt;
    Status status = Status.ISSUED;
    int paidPayments;

    Checkout(String id, String slug, CheckoutTerms terms, Instant startsAt, Instant expiresAt) {
        this.id = id;
        this.slug = slug;
        this.terms = terms;
        this.startsAt = startsAt;
        this.expiresAt = expiresAt;
    }

    enum Status {
        ISSUED("Issued"), FINALIZED("Finalized"), EXPIRED("Expired"), CANCELED("Canceled");

        final String wireName;

        Status(String wireName) {
            this.wireName = wireName;
        }
    }
}

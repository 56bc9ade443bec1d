package dev.plinto.polar.sandbox.conekta;

import java.time.Instant;

/// The customer's page of one subscription.
record Portal(String id, String slug, String subscriptionId, Instant createdAt) {}

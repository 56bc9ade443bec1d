package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.util.UUID;

/// The organization at Polar that sells: Plinto. Not one of the organizations that buy.
record Merchant(UUID id, Instant createdAt, Instant modifiedAt, String name, String slug) {

    Merchant renamed(String newName, Instant at) {
        return new Merchant(id, createdAt, at, newName, slug);
    }
}

package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.util.UUID;

/// The organization at Polar that sells: Plinto. Not one of the organizations that buy.
record SimulatedMerchant(UUID id, Instant createdAt, Instant modifiedAt, String name, String slug) {

    SimulatedMerchant renamed(String newName, Instant at) {
        return new SimulatedMerchant(id, createdAt, at, newName, slug);
    }
}

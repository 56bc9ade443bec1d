package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.util.UUID;

/// A customer's usage of one meter. The balance may be negative: Polar does not block usage.
record CustomerMeter(
        UUID id,
        Instant createdAt,
        Instant modifiedAt,
        UUID customerId,
        UUID meterId,
        double consumedUnits,
        int creditedUnits,
        double balance) {

    CustomerMeter credited(int units, Instant at) {
        return new CustomerMeter(
                id, createdAt, at, customerId, meterId, consumedUnits, creditedUnits + units, balance + units);
    }

    /// A new period has begun with this balance.
    CustomerMeter restarted(int units, Instant at) {
        return new CustomerMeter(id, createdAt, at, customerId, meterId, 0, units, units);
    }

    CustomerMeter consumed(double units, Instant at) {
        return new CustomerMeter(
                id, createdAt, at, customerId, meterId, consumedUnits + units, creditedUnits, balance - units);
    }
}

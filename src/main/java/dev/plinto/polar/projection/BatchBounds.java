package dev.plinto.polar.projection;

import java.time.Duration;

/// How much a transaction may hold in memory. A batch that exceeds it is halved. One event may exceed both bounds, and
/// the events of one customer may concern more rows, since each of them loads all rows of the customer.
///
/// @param rows       grants, and likewise subscriptions, that the events concern
/// @param characters of the messages and the changes of benefits, which are in memory until the commit
/// @param time       to apply the events, during which the rows are locked
record BatchBounds(int rows, long characters, Duration time) {

    /// Fits the documented heap of 256 MB, with as many transactions at a time as a replica has. PostgreSQL ends a
    /// transaction that sends nothing for 5 s.
    static final BatchBounds USUAL = new BatchBounds(15_000, 8 * 1024 * 1024, Duration.ofSeconds(2));
}

/// What every store needs of the PostgreSQL client: waiting with a limit ([Answers]), times, JSON, leases,
/// which failures are its own ([DatabaseAway]), and connection pools that detect a dead server ([SilentConnections]).
package dev.plinto.polar.postgres;

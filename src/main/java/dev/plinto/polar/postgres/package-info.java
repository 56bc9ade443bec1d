/// What every store needs of the PostgreSQL client: waiting with a limit ([Answers]), times, JSON, leases,
/// which failures are its own ([DatabaseAway]), and connection pools that detect a dead server ([SilentConnections]);
/// and whether what it reads is complete ([ReadModels]).
package dev.plinto.polar.postgres;

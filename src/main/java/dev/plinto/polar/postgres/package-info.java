/// What every store needs of the PostgreSQL client: waiting with a limit ([Answers]), times, JSON, leases, and
/// connections that notice a dead server ([SilentConnections]).
package dev.plinto.polar.postgres;

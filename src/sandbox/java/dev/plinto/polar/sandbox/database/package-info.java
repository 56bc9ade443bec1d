/// A real PostgreSQL in child processes: [EmbeddedPostgres].
package dev.plinto.polar.sandbox.database;

/// Traces ([Tracing]), fields of log lines ([LogFields]), values sampled for gauges and health checks
/// ([PeriodicSample]), and threads whose end is noticed ([LastingThreads]).
package dev.plinto.polar.telemetry;

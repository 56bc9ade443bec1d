/// Traces ([Tracing]), fields of log lines ([LogFields]), and values that are sampled for gauges and health checks
/// ([PeriodicSample]).
package dev.plinto.polar.telemetry;

/// Traces ([Tracing]), fields of log lines ([LogFields]), and values sampled for gauges and health checks
/// ([PeriodicSample]).
package dev.plinto.polar.telemetry;

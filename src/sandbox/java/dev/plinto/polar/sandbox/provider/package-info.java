/// What the simulated providers have in common: a server for their APIs ([LoopbackServer], [ServeApi]) with
/// [faults][Faults] to inject, the [clock][SimulatedClock] on which they deliver, and the [request][PostWebhook] that
/// delivers.
package dev.plinto.polar.sandbox.provider;

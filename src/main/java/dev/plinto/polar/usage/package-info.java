/// Metered events: each is taken once and durably, and sent to Polar in batches.
package dev.plinto.polar.usage;

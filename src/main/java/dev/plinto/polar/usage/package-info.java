/// Metered events: [TakeUsage] takes each once and durably, and they are sent to Polar in batches.
package dev.plinto.polar.usage;

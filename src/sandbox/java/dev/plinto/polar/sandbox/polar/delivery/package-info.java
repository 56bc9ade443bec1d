/// How the simulated Polar delivers its events: [DeliveryEngine], by the [rules][DeliveryRules] of the real one, on a
/// [clock][PolarClock] that can run fast or by hand, and with [faults][DeliveryFault] where they are asked for.
package dev.plinto.polar.sandbox.polar.delivery;

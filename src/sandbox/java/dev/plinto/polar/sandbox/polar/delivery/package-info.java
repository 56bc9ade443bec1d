/// How the simulated Polar delivers its events: [DeliveryEngine], by the [rules][DeliveryRules] of the real one, on a
/// [clock][SimulatedClock] that can run fast or manually, with injected [faults][DeliveryFault].
package dev.plinto.polar.sandbox.polar.delivery;

import dev.plinto.polar.sandbox.provider.DeliveryFault;
import dev.plinto.polar.sandbox.provider.SimulatedClock;
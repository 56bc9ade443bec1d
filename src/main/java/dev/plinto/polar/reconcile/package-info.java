/// Finds what the webhooks did not deliver, and publishes it to the raw topic like every event. Nothing here writes the
/// projection's tables.
///
/// Read in this order: [ReconcileWithPolar] (when), [Run] (the steps), [Comparison] and [Drift] (the differences),
/// [Repairs] (how they are repaired). [dev.plinto.polar.reconcile.endpoint] inspects the endpoint at Polar.
package dev.plinto.polar.reconcile;

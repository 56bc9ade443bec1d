/// Finds what the webhooks did not bring, and lets it in through the raw topic like everything else. Nothing here
/// writes what the projection holds.
///
/// Read in this order: [ReconcileWithPolar] (when), [Run] (what, step by step), [Comparison] and [Drift] (what
/// differs), [Repairs] (what is done about it). [dev.plinto.polar.reconcile.endpoint] inspects the endpoint at Polar.
package dev.plinto.polar.reconcile;

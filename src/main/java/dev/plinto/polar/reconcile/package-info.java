/// Finds what the webhooks did not bring, and lets it in through the raw topic like everything else. Nothing here
/// writes what the projection holds.
///
/// Read in this order: [ReconcileWithPolar] (when), [Run] (what, step by step), [Comparison] and [Drift] (what
/// differs), [Repairs] (what is done about it), [InspectEndpoint] (what keeps webhooks from coming).
package dev.plinto.polar.reconcile;

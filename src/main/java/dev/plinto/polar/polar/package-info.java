/// Polar's dialect: how it signs, its event envelope and its objects. The only place that knows Polar's vocabulary; its
/// REST API is in [dev.plinto.polar.polar.api].
///
/// Read in this order: [PolarDialect], [WebhookSignature], [PolarEnvelope], [EventReader] (an event as statements),
/// [Snapshot] (an object read from the API as a statement).
package dev.plinto.polar.polar;

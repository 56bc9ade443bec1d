/// Plinto Polar: between Polar (merchant of record) and every application that must know what a customer may use.
///
/// One package is one room of the house:
///
/// - `entitlement`: the rules; plain Java
/// - `polar`: Polar's dialect: signatures, events, objects
/// - `ingress`: HTTP in, raw topic out
/// - `projection`: raw topic in, one database transaction out
/// - `relay`: outbox rows to the change topics
/// - `billing`: what Plinto's applications ask for
/// - `ops`: what people on call ask for, and what must be in place before the service works
/// - `sandbox`: a whole world on one laptop; never in the production artefact
///
/// This root holds what all of them may see: start-up, the clock, problem documents, names of topics and headers, how
/// something outside is looked at ([Sampled]), and the metrics that two rooms fill ([Stage]).
package dev.plinto.polar;

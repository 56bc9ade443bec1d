/// Plinto Polar: between Polar (merchant of record) and every application that must know what a customer may use.
///
/// One package is one room of the house; CONTRIBUTING.md has the table, and `ArchitectureTest` enforces it. An event
/// passes through them in this order:
///
/// - `ingress`: HTTP in, raw topic out; `reconcile` lets in what the webhooks did not bring
/// - `projection`: raw topic in, one database transaction out, by the rules in `entitlement`
/// - `relay`: outbox rows to the change topics
/// - `access`: what an organization may use, for callers that `caller` knows
/// - `ops`: operator API, console and health, with what operators did in `audit`
///
/// `polar` knows Polar's vocabulary; `start`, `telemetry` and `postgres` serve the others; `sandbox` is a whole world on
/// one laptop, and never in the production artefact.
///
/// This root holds what all of them may see: the main class, the clock, roles, problem documents, the names of topics
/// and headers, the time format, and the bounds of settings.
package dev.plinto.polar;

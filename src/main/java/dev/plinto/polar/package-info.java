/// Plinto Polar stands between Polar (merchant of record) and every application that must know what a customer may use.
///
/// Each package is a room; CONTRIBUTING.md has the table, and `ArchitectureTest` enforces it. An event passes through
/// the rooms in this order:
///
/// - `ingress`: HTTP in, raw topic out; `reconcile` adds the events that the webhooks did not bring
/// - `projection`: raw topic in, one database transaction out, by the rules in `entitlement`
/// - `relay`: outbox rows to the change topics
/// - `access`: what an organization may use, for callers that `caller` identifies
/// - `ops`: operator API, console and health; `audit` records what operators did
///
/// `polar` reads Polar's formats; `start`, `telemetry` and `postgres` serve the other rooms; `sandbox` runs the service
/// with everything it needs on one laptop, and is never in the production artefact.
///
/// The root holds what every room may use: the main class, the clock, roles, problem documents, the methods of
/// paths, the names of topics and headers, the time format, and the bounds of settings.
package dev.plinto.polar;

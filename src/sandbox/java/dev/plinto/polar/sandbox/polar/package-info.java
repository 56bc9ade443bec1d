/// A simulated Polar: a small deterministic model of what the merchant sells, who bought what, and which events were
/// emitted ([SimulatedPolar]), with scenarios to play ([ScenarioPlayer]). The packages below serve its API (`rest`),
/// deliver its events (`delivery`), and run all of it beside the service (`live`).
package dev.plinto.polar.sandbox.polar;

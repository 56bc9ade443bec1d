/// A simulated Polar: a small deterministic model of what the merchant sells, who bought what, and what was told of it
/// ([SimulatedPolar]), with stories to tell ([Storyteller]). The packages below serve it (`rest`), deliver its events
/// (`delivery`), and run all of it beside the service (`live`).
package dev.plinto.polar.sandbox.polar;

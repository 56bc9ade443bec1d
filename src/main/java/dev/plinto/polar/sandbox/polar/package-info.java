/// A simulated Polar: a small deterministic model of what the merchant sells and who bought what ([SimulatedPolar]), and
/// the signed deliveries that it makes to the running service ([TriggerScenario]).
package dev.plinto.polar.sandbox.polar;

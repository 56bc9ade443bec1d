/// The simulated Polar that runs beside the service: it plays scenarios ([TriggerScenario]), injects faults
/// ([BreakPolar]), serves its API ([MountPolarApi]), and is saved in a file ([SandboxPolar]).
package dev.plinto.polar.sandbox.polar.live;

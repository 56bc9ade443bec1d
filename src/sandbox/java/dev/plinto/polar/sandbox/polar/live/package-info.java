/// The simulated Polar that runs beside the service: it plays scenarios ([TriggerScenario]), injects faults
/// ([BreakPolar]), moves its clock ([MoveClock], [PassTime]), serves its API ([MountPolarApi]), and is saved in a file
/// ([SandboxPolar]).
package dev.plinto.polar.sandbox.polar.live;

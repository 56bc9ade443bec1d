/// The simulated Polar of this sandbox as it runs beside the service: things can be made to happen
/// ([TriggerScenario]) and to go wrong ([BreakPolar]), its API is served ([MountPolarApi]), and it is kept in a file
/// ([SandboxPolar]).
package dev.plinto.polar.sandbox.polar.live;

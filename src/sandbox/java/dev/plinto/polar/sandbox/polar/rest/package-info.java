/// The simulated Polar's REST API: the state of [dev.plinto.polar.sandbox.polar.SimulatedPolar] as Polar's API version
/// 2026-10 returns it, with Polar's paths, pages, headers and errors. [PolarServer] serves it on a port of its own.
package dev.plinto.polar.sandbox.polar.rest;

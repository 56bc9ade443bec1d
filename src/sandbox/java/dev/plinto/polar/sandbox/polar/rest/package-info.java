/// The simulated Polar's REST API: what [dev.plinto.polar.sandbox.polar.SimulatedPolar] holds, as Polar's API version
/// 2026-10 shows it, with Polar's paths, pages, headers and errors. [PolarServer] serves it on a port of its own.
package dev.plinto.polar.sandbox.polar.rest;

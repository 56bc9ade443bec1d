/// Polar's REST API: [Polar] has the calls, [PolarFailure] states why one failed. An operation is added as a method of
/// [PolarApi] and a constant of [Operation].
package dev.plinto.polar.polar.api;

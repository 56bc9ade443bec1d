/// Polar's REST API: [Polar] is what can be asked, [PolarFailure] why there is no answer.
package dev.plinto.polar.polar.api;

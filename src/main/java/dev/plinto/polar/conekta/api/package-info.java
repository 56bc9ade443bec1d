/// Conekta's REST API: [Conekta] has the calls, [ConektaFailure] states why one failed. An operation is added as a
/// method of [ConektaApi] and a constant of [Operation].
package dev.plinto.polar.conekta.api;

/// Conekta's dialect: how it signs, its event envelope and its objects. The only place that knows Conekta's vocabulary;
/// its REST API is in [dev.plinto.polar.conekta.api].
///
/// Read in this order: [ConektaDialect], [DigestSignature], [ConektaEnvelope], [ConektaEvents] (an event as
/// statements), [ConektaSettings].
package dev.plinto.polar.conekta;

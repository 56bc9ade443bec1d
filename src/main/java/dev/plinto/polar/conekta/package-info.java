/// Conekta's dialect: how it signs, its event envelope and its objects. The only place that knows Conekta's vocabulary.
///
/// Read in this order: [ConektaDialect], [DigestSignature], [ConektaEnvelope], [ConektaEvents] (an event as
/// statements), [ConektaSettings].
package dev.plinto.polar.conekta;

/// The delivery of the simulated Conekta's events by Conekta's rules ([ConektaDelivery], [RetryRules]), with faults to
/// inject.
package dev.plinto.polar.sandbox.conekta.delivery;

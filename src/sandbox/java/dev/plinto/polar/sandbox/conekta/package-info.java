/// A simulated Conekta: a small deterministic model of its customers, plans, orders with a hosted checkout, charges,
/// refunds, subscriptions and events ([SimulatedConekta]).
package dev.plinto.polar.sandbox.conekta;

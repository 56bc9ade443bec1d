/// Deliveries that the broker does not take: [Spool] keeps them in PostgreSQL, [DrainSpool] publishes them later.
package dev.plinto.polar.ingress.spool;

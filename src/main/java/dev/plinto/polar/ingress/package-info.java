/// HTTP in, raw topic out: verify the raw bytes, publish, wait for the broker, answer.
///
/// [ReceivePolarWebhook] is the way in; [RawTopic] is the only way into the raw topic, for whoever has an event. What
/// the broker does not take of the deliveries goes to the [Spool] in PostgreSQL, and [DrainSpool] brings it on.
package dev.plinto.polar.ingress;

/// HTTP in, raw topic out: verify the raw bytes, publish, wait for the broker, answer.
///
/// [ReceivePolarWebhook] is the way in. [RawTopic] alone publishes to the raw topic: deliveries, repairs and replays. A
/// delivery that the broker does not take goes to the spool ([dev.plinto.polar.ingress.spool]).
package dev.plinto.polar.ingress;

/// HTTP in, raw topic out: verify the raw bytes, publish, wait for the broker, answer.
///
/// [ReceivePolarWebhook] is the way in. [RawTopic] is the only publisher to the raw topic, for deliveries, repairs and
/// replays alike. A delivery that the broker does not take goes to the spool ([dev.plinto.polar.ingress.spool]).
package dev.plinto.polar.ingress;

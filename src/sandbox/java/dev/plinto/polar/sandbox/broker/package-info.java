/// A real Kafka broker in a child process: [EmbeddedKafka].
package dev.plinto.polar.sandbox.broker;

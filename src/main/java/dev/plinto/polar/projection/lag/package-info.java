/// The projection's lag behind the raw topic, measured independently of the consumer: [ProjectionLag].
package dev.plinto.polar.projection.lag;

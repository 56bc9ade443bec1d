/// Health checks of the broker, the database, the channels, the threads and the endpoint at Polar.
package dev.plinto.polar.ops.health;

/// A request that is sent again is done once: [IdempotentRequests].
package dev.plinto.polar.billing.idempotency;

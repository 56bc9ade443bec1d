/// Inspects our endpoint at Polar for what prevents deliveries, now or soon: [InspectEndpoint].
package dev.plinto.polar.reconcile.endpoint;

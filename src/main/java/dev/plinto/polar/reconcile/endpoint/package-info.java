/// Inspects this service's endpoint at Polar for what keeps webhooks from coming, or soon will: [InspectEndpoint].
package dev.plinto.polar.reconcile.endpoint;

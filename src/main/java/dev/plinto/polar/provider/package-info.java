/// What calls of any provider's REST API share: [Exchange] sends a request and waits for its answer, [ErrorAnswer] and
/// [NoAnswer] are the two ways in which it fails, [ProviderMetrics] counts both. What an answer means, and what is done
/// after a failure, is the matter of each provider's own client.
package dev.plinto.polar.provider;

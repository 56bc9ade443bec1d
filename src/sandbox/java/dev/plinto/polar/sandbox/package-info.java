/// A complete environment on one laptop: a real Kafka broker, a real PostgreSQL, a simulated Polar and a token issuer.
/// On the class path of dev mode and tests only; the package never reaches the production artefact.
///
/// [Sandbox] starts `broker` and `database`, each as a child process (`process`), on one data directory, and publishes
/// their addresses. Over HTTP: [StreamTopic], the token issuer (`plinto`) and the simulated Polar (`polar`).
package dev.plinto.polar.sandbox;

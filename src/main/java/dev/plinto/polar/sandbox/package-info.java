/// A whole world on one laptop: a real Kafka broker, a real PostgreSQL, a simulated Polar and a token issuer.
/// On the class path of dev mode and tests only; the package never reaches the production artefact.
///
/// The processes: [EmbeddedKafka] and [EmbeddedPostgres] run one child process each ([ChildProcess]);
/// [Sandbox] brings both up on one data directory and says where everything is. Over HTTP: [StreamTopic] and
/// [IssuePlintoToken]; the simulated Polar has a package of its own.
package dev.plinto.polar.sandbox;

package dev.plinto.polar;

import java.time.Duration;
import java.util.Optional;

/// How far the projection is behind the raw topic, as replicas with the role projection or reconcile can tell.
public interface BacklogAge {

    /// Of the oldest event that is not projected; zero where none waits, and empty while that is not known.
    Optional<Duration> backlogAge();

    /// The same of one partition.
    Optional<Duration> backlogAge(int partition);
}

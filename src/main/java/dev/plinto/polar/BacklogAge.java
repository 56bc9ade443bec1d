package dev.plinto.polar;

import java.time.Duration;
import java.util.Optional;

/// How far the projection is behind the raw topic.
public interface BacklogAge {

    /// Of the oldest event that is not projected; zero where none waits, and empty while that is not known.
    Optional<Duration> backlogAge();
}

package dev.plinto.polar.polar.api;

import java.time.Duration;
import java.util.Optional;

/// Permits to send a request to Polar. None is given back, so that nothing is lost with a replica that dies.
interface Permits {

    /// Takes a permit for one request; or takes none, and returns for how long there is none.
    Optional<Duration> take(Purpose purpose);

    /// Gives no permit to anybody until this time is over.
    void close(Duration time);
}

package dev.plinto.polar.billing;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/// Where a provider may send a buyer back to.
@ConfigMapping(prefix = "polar")
public interface BillingConfig {

    /// The application's address (`POLAR_APP_URL`): relative URLs are resolved against it, and its host is allowed.
    Optional<String> appUrl();

    /// Further hosts that URLs may name (`POLAR_RETURN_HOSTS`), each with its port if that is not the usual one.
    Optional<List<String>> returnHosts();
}

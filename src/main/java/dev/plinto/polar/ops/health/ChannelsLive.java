package dev.plinto.polar.ops.health;

import io.smallrye.reactive.messaging.health.HealthReport;
import io.smallrye.reactive.messaging.providers.extension.HealthCenter;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/// Up unless a channel to or from the raw topic has ended by a failure, after which it carries no records. A broker or
/// database that is away ends no channel: it is waited for.
@Liveness
@ApplicationScoped
class ChannelsLive implements HealthCheck {

    private final HealthCenter channels;

    ChannelsLive(HealthCenter channels) {
        this.channels = channels;
    }

    @Override
    public HealthCheckResponse call() {
        var answer = HealthCheckResponse.named("channels");
        var ended = channels.getLiveness().getChannels().stream()
                .filter(channel -> !channel.isOk())
                .map(HealthReport.ChannelInfo::getChannel)
                .sorted()
                .toList();
        return ended.isEmpty()
                ? answer.up().build()
                : answer.down()
                        .withData("what",
                                "Channels have failed and carry no records any more: "
                                        + String.join(", ", ended)
                                        + ". The log has the cause. Restart this replica; no event is lost.")
                        .build();
    }
}

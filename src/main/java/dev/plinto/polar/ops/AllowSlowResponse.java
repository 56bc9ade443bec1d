package dev.plinto.polar.ops;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.timeout.IdleStateHandler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.concurrent.TimeUnit;

/// For dry runs of reconciliation, for publishing all state again, and for replays and discards of many events: they
/// can take minutes, in which nothing is sent, and silent connections are closed (`quarkus.http.idle-timeout`).
public final class AllowSlowResponse {

    private static final int HOURS = 1;
    private static final String IDLE = "idle"; // Vert.x's name for the handler that closes them

    /// Lets the request's connection be silent for up to an hour.
    public static void on(HttpServerRequest request) {
        ChannelPipeline pipeline = ((ConnectionBase) request.connection()).channelHandlerContext().pipeline();
        if (pipeline.get(IDLE) != null) {
            pipeline.replace(IDLE, IDLE, new IdleStateHandler(0, 0, HOURS, TimeUnit.HOURS));
        }
    }

    private AllowSlowResponse() {}
}

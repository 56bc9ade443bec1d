package dev.plinto.polar.ops;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.timeout.IdleStateHandler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.concurrent.TimeUnit;

/// For an operator who waits while all is compared with Polar, which takes minutes where there is much of it: nothing
/// is sent meanwhile, and connections that are silent are closed (`quarkus.http.idle-timeout`).
public final class AllowSlowResponse {

    private static final int HOURS = 1;
    private static final String IDLE = "idle"; // as Vert.x calls the handler that closes them

    /// Lets the request's connection be silent for longer.
    public static void on(HttpServerRequest request) {
        ChannelPipeline pipeline = ((ConnectionBase) request.connection()).channelHandlerContext().pipeline();
        if (pipeline.get(IDLE) != null) {
            pipeline.replace(IDLE, IDLE, new IdleStateHandler(0, 0, HOURS, TimeUnit.HOURS));
        }
    }

    private AllowSlowResponse() {}
}

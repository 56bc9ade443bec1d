package dev.plinto.polar.postgres;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.timeout.IdleStateEvent;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnectOptions;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.impl.SqlConnectionInternal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Creates pools that close a connection on which PostgreSQL has been silent, so that waiting statements fail and the
/// pool's slot is free again.
///
/// Vert.x' client (4.5) does not do this: on an idle timeout it sends Terminate and waits for the server to close,
/// which a dead server never does. The slot would stay occupied until the operating system gives up, a quarter of an
/// hour later.
public final class SilentConnections {

    private SilentConnections() {}

    /// @param connectTimeout how long connecting may take
    /// @param idleTimeout    how long a connection may be silent; whole seconds
    public static Pool pool(PgPoolCreator.Input input, Duration connectTimeout, Duration idleTimeout,
            PoolOptions options) {
        input.pgConnectOptionsList().forEach(server -> server
                .setConnectTimeout(Math.toIntExact(connectTimeout.toMillis()))
                .setIdleTimeout(Math.toIntExact(idleTimeout.toSeconds()))
                .setIdleTimeoutUnit(TimeUnit.SECONDS));
        return PgBuilder.pool()
                .connectingTo(List.<SqlConnectOptions>copyOf(input.pgConnectOptionsList()))
                .with(options)
                .withConnectHandler(SilentConnections::closeWhenIdle)
                .using(input.vertx())
                .build();
    }

    private static void closeWhenIdle(SqlConnection connection) {
        var socket = (SocketConnectionBase) ((SqlConnectionInternal) connection).unwrap().unwrap();
        socket.socket().channelHandlerContext().pipeline().addAfter("idle", "close-when-idle", new CloseWhenIdle());
        connection.close(); // returns it to the pool
    }

    /// Runs before the client's own handler, which would send Terminate.
    private static final class CloseWhenIdle extends ChannelInboundHandlerAdapter {

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof IdleStateEvent) {
                context.close();
            } else {
                context.fireUserEventTriggered(event);
            }
        }
    }
}

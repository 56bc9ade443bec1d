package dev.plinto.polar;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.timeout.IdleStateEvent;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.impl.SqlConnectionInternal;

/// Closes connections to PostgreSQL that have been silent for their idle time, so that whoever waits for an answer is told
/// and the pool has its place back. Vert.x' client (4.5) says goodbye then and waits for the server to do the same, which
/// one that is gone never does: its place in the pool would be taken until the operating system gives up, a quarter of an
/// hour later.
public final class SilentConnections {

    private SilentConnections() {}

    /// To be given to a pool as its connect handler; its connect options have to name an idle time.
    public static void hangUp(SqlConnection connection) {
        var socket = (SocketConnectionBase) ((SqlConnectionInternal) connection).unwrap().unwrap();
        socket.socket().channelHandlerContext().pipeline().addAfter("idle", "hang-up", new HangUp());
        connection.close(); // into the pool
    }

    /// Before the handler that would say goodbye.
    private static final class HangUp extends ChannelInboundHandlerAdapter {

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

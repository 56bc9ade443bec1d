package dev.plinto.polar.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Tells [OpenConnections] what happens on one connection: bytes as they arrive, before anything reads them, and, from
/// behind the HTTP decoder, where requests and answers begin and end. It knows HTTP/1.
final class ConnectionGuard extends ChannelInboundHandlerAdapter {

    private final OpenConnections open;
    private final Connection connection;
    private boolean seesMessages;
    private @Nullable Future<?> check;

    ConnectionGuard(Channel channel, OpenConnections open) {
        this.open = open;
        this.connection = new Connection(channel);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        check = context.executor().scheduleAtFixedRate(() -> open.check(connection), 1, 1, TimeUnit.SECONDS);
        open.opened(connection);
        super.channelActive(context);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        if (check != null) {
            check.cancel(false);
        }
        open.closed(connection);
        super.channelInactive(context);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        seeMessages(context);
        if (message instanceof ByteBuf bytes) {
            open.received(connection, bytes.readableBytes());
        }
        super.channelRead(context, message);
    }

    /// With TLS, the decoder exists only after the handshake.
    private void seeMessages(ChannelHandlerContext context) {
        if (!seesMessages) {
            ChannelHandlerContext encoder = context.pipeline().context(HttpResponseEncoder.class);
            if (encoder != null) {
                context.pipeline().addAfter(encoder.name(), null, new Messages());
                seesMessages = true;
            }
        }
    }

    private final class Messages extends ChannelDuplexHandler {

        private boolean informational;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
            if (message instanceof HttpRequest) {
                open.requestBegan(connection);
            }
            if (message instanceof LastHttpContent) {
                open.requestEnded(connection);
            }
            super.channelRead(context, message);
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
            if (message instanceof HttpResponse response) {
                informational = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
                if (!context.channel().isWritable()) {
                    open.unread(connection);
                }
            }
            if (message instanceof LastHttpContent && !informational) {
                open.answered(connection);
            }
            super.write(context, message, promise);
        }
    }
}

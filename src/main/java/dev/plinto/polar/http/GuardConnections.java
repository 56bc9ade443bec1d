package dev.plinto.polar.http;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;

/// Guards every connection that the service accepts, on all of its ports. Registered in `META-INF/services`; Netty
/// loads it if its system property for extensions says so, which `Main` sets. Quarkus and Vert.x have no place for a
/// handler that sees a connection before its first request.
public final class GuardConnections extends ChannelInitializerExtension {

    static final OpenConnections OPEN = OpenConnections.ofHeap(Runtime.getRuntime().maxMemory());

    @Override
    public void postInitializeServerChildChannel(Channel channel) {
        channel.pipeline().addFirst(new ConnectionGuard(channel, OPEN));
    }
}

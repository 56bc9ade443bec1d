package dev.plinto.polar.http;

import io.netty.channel.Channel;

/// What [OpenConnections] knows of one connection. Its lock guards every field that changes.
final class Connection {

    enum State {
        NEW,
        /// It has sent nothing yet.
        SILENT,
        /// A part of a request has arrived.
        INCOMPLETE,
        /// A whole request is not answered yet.
        BUSY,
        /// Every request is answered.
        IDLE,
        CLOSED
    }

    final Channel channel;
    State state = State.NEW;
    /// When it came into this state.
    long since;
    /// Bytes of a request that is not whole.
    long received;
    /// The head of that request is here.
    boolean inRequest;
    /// Whole requests less answers: -1 once a request is refused by its head.
    int unanswered;

    Connection(Channel channel) {
        this.channel = channel;
    }
}

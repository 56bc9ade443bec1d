package dev.plinto.polar.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Which connections are cut, on connections without a network and with a clock of the test.
class ConnectionGuardTest {

    private static final int MAX_CONNECTIONS = 3;
    private static final int MAX_BYTES = 1_000;
    private static final String HEAD = "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 800\r\n\r\n";
    private static final String REST = "x".repeat(800);
    private static final String WHOLE = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";

    private final List<EmbeddedChannel> channels = new ArrayList<>();
    private long seconds;
    private OpenConnections open = new OpenConnections(MAX_CONNECTIONS, MAX_BYTES, this::nanos);

    @AfterEach
    void close() {
        channels.forEach(EmbeddedChannel::finishAndReleaseAll);
    }

    @Test
    void connectionThatSendsNothing_isCutAfterTenSeconds() {
        EmbeddedChannel silent = connect();

        pass(9);
        assertThat(silent.isOpen()).isTrue();
        pass(1);
        assertThat(silent.isOpen()).isFalse();
        assertThat(open.cuts(CutReason.SLOW)).isOne();
    }

    @Test
    void headThatDrips_isCut() {
        EmbeddedChannel dripping = connect();
        for (int second = 0; second < 3; second++) {
            send(dripping, "G");
            pass(1);
        }

        assertThat(dripping.isOpen()).isFalse();
    }

    @Test
    void bodyThatDrips_isCut_alsoOnAConnectionThatWasIdle() {
        EmbeddedChannel dripping = connect();
        send(dripping, WHOLE);
        answer(dripping);
        pass(30);
        send(dripping, HEAD);
        for (int second = 0; second < 3; second++) {
            send(dripping, "x");
            assertThat(dripping.isOpen()).isTrue();
            pass(1);
        }

        assertThat(dripping.isOpen()).isFalse();
    }

    @Test
    void steadyBody_hasTenSeconds() {
        open = new OpenConnections(MAX_CONNECTIONS, 1 << 20, this::nanos);
        EmbeddedChannel steady = connect();
        send(steady, HEAD.replace("800", "1000000"));
        for (int second = 0; second < 10; second++) {
            assertThat(steady.isOpen()).as("after %d s", second).isTrue();
            send(steady, "x".repeat(OpenConnections.MIN_RATE));
            pass(1);
        }

        assertThat(steady.isOpen()).isFalse();
    }

    @Test
    void requestThatIsBeingAnswered_andIdleConnections_areNotCut() {
        EmbeddedChannel busy = connect();
        send(busy, WHOLE);
        EmbeddedChannel idle = connect();
        send(idle, WHOLE);
        answer(idle);

        pass(60);

        assertThat(busy.isOpen()).isTrue();
        assertThat(idle.isOpen()).isTrue();
    }

    @Test
    void bodyThatWeDoNotRead_isNotLate() {
        EmbeddedChannel paused = connect();
        send(paused, HEAD);
        paused.config().setAutoRead(false);

        pass(60);

        assertThat(paused.isOpen()).isTrue();
    }

    @Test
    void refusalByTheHead_doesNotEndTheDeadlineOfTheBody() {
        EmbeddedChannel refused = connect();
        send(refused, HEAD);
        answer(refused);

        pass(10);

        assertThat(refused.isOpen()).isFalse();
    }

    @Test
    void interimAnswer_isNoAnswer() {
        EmbeddedChannel busy = connect();
        send(busy, HEAD);
        busy.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        send(busy, REST);
        pass(60);
        assertThat(busy.isOpen()).isTrue();
        answer(busy);
        connect();
        connect();
        pass(1);

        connect();

        assertThat(busy.isOpen()).as("it is idle, and others wait").isTrue();
    }

    @Test
    void shortOfMemory_theLongestIncompleteIsCut_notTheNewcomer() {
        EmbeddedChannel oldest = connect();
        send(oldest, HEAD + "x".repeat(700));
        pass(1);
        EmbeddedChannel newcomer = connect();
        send(newcomer, HEAD);
        assertThat(oldest.isOpen()).isTrue();

        send(newcomer, REST);

        assertThat(oldest.isOpen()).isFalse();
        assertThat(newcomer.isOpen()).isTrue();
        assertThat(open.cuts(CutReason.MEMORY)).isOne();
    }

    @Test
    void whatIsWholeOrClosed_takesNoMemory() {
        EmbeddedChannel busy = connect();
        send(busy, HEAD + REST);
        connect().close();
        EmbeddedChannel gone = connect();
        send(gone, HEAD + "x".repeat(700));
        gone.close();

        EmbeddedChannel incomplete = connect();
        send(incomplete, HEAD + "x".repeat(700));

        assertThat(busy.isOpen()).isTrue();
        assertThat(incomplete.isOpen()).isTrue();
        assertThat(open.cuts(CutReason.MEMORY)).isZero();
    }

    @Test
    void tooManyConnections_theLongestWaitingIsCut_thenTheLongestIdle_thenTheNewcomer() {
        EmbeddedChannel idle = connect();
        send(idle, WHOLE);
        answer(idle);
        pass(1);
        EmbeddedChannel incomplete = connect();
        send(incomplete, HEAD);
        pass(1);
        EmbeddedChannel silent = connect();
        pass(1);

        EmbeddedChannel fourth = connect();
        assertThat(incomplete.isOpen()).isFalse();
        EmbeddedChannel fifth = connect();
        assertThat(silent.isOpen()).isFalse();
        send(fourth, WHOLE);
        send(fifth, WHOLE);
        EmbeddedChannel sixth = connect();
        assertThat(idle.isOpen()).isFalse();
        send(sixth, WHOLE);
        EmbeddedChannel seventh = connect();
        assertThat(seventh.isOpen()).isFalse();
        assertThat(List.of(fourth, fifth, sixth)).allMatch(EmbeddedChannel::isOpen);
        assertThat(open.cuts(CutReason.CONNECTIONS)).isEqualTo(4);
    }

    /// Strangers who send one request each and stay would else have every delivery cut by the next one.
    @Test
    void tooManyConnections_whoHasJustConnectedIsCutAfterAllThatAreIdle() {
        EmbeddedChannel idle = connect();
        send(idle, WHOLE);
        answer(idle);
        EmbeddedChannel first = connect();
        EmbeddedChannel second = connect();

        EmbeddedChannel third = connect();

        assertThat(idle.isOpen()).isFalse();
        assertThat(List.of(first, second, third)).allMatch(EmbeddedChannel::isOpen);
        connect();
        assertThat(first.isOpen()).as("nobody is idle").isFalse();
    }

    @Test
    void furtherAnswersToAClientThatReadsNone_areNotWritten() {
        EmbeddedChannel greedy = connect();
        greedy.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1, 2));
        send(greedy, WHOLE + WHOLE);
        greedy.write(answer());
        assertThat(greedy.isOpen()).isTrue();

        greedy.write(answer());

        assertThat(greedy.isOpen()).isFalse();
        assertThat(open.cuts(CutReason.UNREAD)).isOne();
    }

    private EmbeddedChannel connect() {
        var channel = new EmbeddedChannel(false, false);
        channel.pipeline().addLast(new ConnectionGuard(channel, open), new HttpRequestDecoder(),
                new HttpResponseEncoder(), new Service());
        try {
            channel.register();
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
        channels.add(channel);
        return channel;
    }

    private static void send(EmbeddedChannel channel, String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    private static void answer(EmbeddedChannel channel) {
        channel.writeOutbound(answer());
    }

    private static DefaultFullHttpResponse answer() {
        var answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0);
        return answer;
    }

    private void pass(int length) {
        for (int second = 0; second < length; second++) {
            seconds++;
            channels.forEach(channel -> {
                channel.advanceTimeBy(1, TimeUnit.SECONDS);
                channel.runScheduledPendingTasks();
            });
        }
    }

    private long nanos() {
        return TimeUnit.SECONDS.toNanos(seconds);
    }

    /// Takes what the decoder passes on.
    private static final class Service extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
        }
    }
}

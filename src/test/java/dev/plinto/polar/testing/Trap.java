package dev.plinto.polar.testing;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A moment in what a process says to a server, at which something happens to the process: see [TcpProxy#set(Trap)].
///
/// @param texts   that it sends over one connection, one after the other; the moment is that of the last one
/// @param side    of the server's work
/// @param action  which happens once
/// @param sprung  completed by it
public record Trap(List<String> texts, Side side, Runnable action, CompletableFuture<Void> sprung) {

    /// Whether the server gets the last text.
    public enum Side {
        /// It never does.
        BEFORE,
        /// It does its work, and its answer is lost.
        AFTER
    }

    public Trap {
        texts = List.copyOf(texts);
    }

    private void spring() {
        synchronized (sprung) {
            if (!sprung.isDone()) {
                action.run();
                sprung.complete(null);
            }
        }
    }

    /// One connection's progress to the moment.
    final class Watch {

        private int seen;
        private String rest = "";

        Side side() {
            return side;
        }

        void spring() {
            Trap.this.spring();
        }

        /// Whether the last text is in these bytes, or ends in them.
        boolean sees(byte[] chunk, int length) {
            rest += new String(chunk, 0, length, StandardCharsets.ISO_8859_1);
            while (seen < texts.size()) {
                String next = texts.get(seen);
                int at = rest.indexOf(next);
                if (at < 0) {
                    rest = rest.substring(Math.max(0, rest.length() - next.length() + 1));
                    return false;
                }
                rest = rest.substring(at + next.length());
                seen++;
            }
            return true;
        }
    }
}

package dev.plinto.polar.sandbox.process;

/// A server in child processes of this JVM, which ends with it, however that ends.
public abstract class EmbeddedServer implements AutoCloseable {

    private final ChildProcess child;

    public EmbeddedServer(ChildProcess child) {
        this.child = child;
    }

    protected ChildProcess child() {
        return child;
    }

    /// Of the process that watches over the server, where that is not the server itself: the others are its descendants.
    public long pid() {
        return child.process().pid();
    }

    public boolean isAlive() {
        return child.isAlive();
    }

    /// SIGKILL to every process of it, as when the machine dies.
    public void kill() {
        child.kill();
    }

    /// SIGSTOP to every process of it: connections stay open and nothing answers, until [#resume()].
    public void suspend() {
        child.suspend();
    }

    public void resume() {
        child.resume();
    }

    /// A clean stop.
    @Override
    public void close() {
        child.close();
    }

    public Process process() {
        return child.process();
    }
}

package dev.plinto.polar.sandbox.process;

/// A server in child processes of this JVM, which ends with the JVM, even after SIGKILL.
public abstract class EmbeddedServer implements AutoCloseable {

    private final ChildProcess child;

    public EmbeddedServer(ChildProcess child) {
        this.child = child;
    }

    protected ChildProcess child() {
        return child;
    }

    /// The pid of the supervising process, or of the server if there is none; the server's other processes are its
    /// descendants.
    public long pid() {
        return child.process().pid();
    }

    public boolean isAlive() {
        return child.isAlive();
    }

    /// SIGKILL to all of its processes, as in a machine failure.
    public void kill() {
        child.kill();
    }

    /// SIGSTOP to all of its processes: connections stay open and nothing answers, until [#resume()].
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

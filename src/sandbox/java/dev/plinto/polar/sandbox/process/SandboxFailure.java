package dev.plinto.polar.sandbox.process;

/// The sandbox cannot start. The message names the part, the reason and the remedy.
public final class SandboxFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SandboxFailure(String message) {
        super(message);
    }

    public SandboxFailure(String message, Throwable cause) {
        super(message, cause);
    }
}

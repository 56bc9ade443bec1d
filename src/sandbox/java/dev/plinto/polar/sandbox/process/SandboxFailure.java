package dev.plinto.polar.sandbox.process;

/// The sandbox cannot start. The message is for a person: which part, why, and what to do about it.
public final class SandboxFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SandboxFailure(String message) {
        super(message);
    }

    public SandboxFailure(String message, Throwable cause) {
        super(message, cause);
    }
}

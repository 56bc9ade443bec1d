package dev.plinto.polar.conekta.api;

import dev.plinto.polar.conekta.ConektaConfig;

/// A call of Conekta's API failed. The message is for operators: it states what to do, and contains neither the key nor
/// any value of a body.
public final class ConektaFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient FailureReason reason;

    ConektaFailure(FailureReason reason, Operation operation, ConektaConfig config) {
        super(new FailureText(operation, config).of(reason), null, false, false);
        this.reason = reason;
    }

    public FailureReason reason() {
        return reason;
    }
}

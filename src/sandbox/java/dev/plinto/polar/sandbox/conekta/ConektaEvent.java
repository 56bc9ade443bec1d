package dev.plinto.polar.sandbox.conekta;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// An event as Conekta delivers it.
public record ConektaEvent(String id, String type, Instant createdAt, byte[] body) {

    @Override
    public String toString() {
        return new String(body, StandardCharsets.UTF_8);
    }
}

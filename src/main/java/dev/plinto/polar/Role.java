package dev.plinto.polar;

import java.util.Locale;

/// What a replica does. One image serves all roles, so that each can be scaled on its own.
public enum Role {
    INGRESS, PROJECTION, RELAY, RECONCILE, API;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}

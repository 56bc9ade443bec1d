package dev.plinto.polar.testing;

/// How much a test does: little in `./mvnw verify`, more in `./mvnw verify -Pfull`, and whatever a system property says.
public final class Size {

    private static final boolean FULL = Boolean.getBoolean("tests.full");

    /// @param property of the system, which overrides both
    public static int of(String property, int usual, int full) {
        return Integer.getInteger(property, FULL ? full : usual);
    }

    private Size() {}
}

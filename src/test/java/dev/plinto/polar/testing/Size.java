package dev.plinto.polar.testing;

/// How much a test does: little in `./mvnw verify`, more with `-Pfull`, and what a system property sets in both.
public final class Size {

    static final boolean FULL = Boolean.getBoolean("tests.full");

    /// @param property of the system, which overrides both
    public static int of(String property, int usual, int full) {
        return Integer.getInteger(property, FULL ? full : usual);
    }

    /// Skips the test, and says so, without `-Pfull`.
    ///
    /// @param unchecked what is not checked then
    public static void onlyFull(String unchecked) {
        if (!FULL) {
            Registry.skip(unchecked, "this needs -Pfull");
        }
    }

    private Size() {}
}

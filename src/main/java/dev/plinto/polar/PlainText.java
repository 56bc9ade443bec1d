package dev.plinto.polar;

/// Texts of callers that people may read, and that every system after us can hold.
public final class PlainText {

    /// Whether the text is not blank, and has no control characters, ends of lines and halves of characters.
    public static boolean isOne(String text) {
        return !text.isBlank() && text.codePoints().noneMatch(point -> Character.isISOControl(point)
                || Character.getType(point) == Character.SURROGATE
                || point == 0x2028 || point == 0x2029);
    }

    private PlainText() {}
}

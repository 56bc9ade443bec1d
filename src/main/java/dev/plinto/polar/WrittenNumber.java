package dev.plinto.polar;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NumericNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;

/// A number of a JSON text in the form in which it was written. Its value is made only when it is asked for, so that
/// no exponent costs anything. Two of them are equal if they are written alike: to others they look alike only then.
final class WrittenNumber extends NumericNode {

    private static final long serialVersionUID = 1L;

    private static final int DIGITS_OF_EVERY_LONG = 18;
    /// To make the value of a longer one takes too long; nothing that this service understands has so many digits.
    private static final int LONGEST_VALUE = 1_000;

    private final String written;

    private WrittenNumber(String written) {
        this.written = written;
    }

    /// Whole numbers that Jackson writes as they were written stay Jackson's.
    static JsonNode read(String number) {
        if (number.length() > DIGITS_OF_EVERY_LONG || !isWhole(number) || number.equals("-0")) {
            return new WrittenNumber(number);
        }
        long value = Long.parseLong(number);
        return value == (int) value
                ? JsonNodeFactory.instance.numberNode((int) value)
                : JsonNodeFactory.instance.numberNode(value);
    }

    private static boolean isWhole(String number) {
        return number.chars().noneMatch(c -> c == '.' || c == 'e' || c == 'E');
    }

    private boolean isWhole() {
        return isWhole(written);
    }

    /// Empty if the value is out of reach.
    private Optional<DecimalNode> find() {
        try {
            return written.length() > LONGEST_VALUE
                    ? Optional.empty()
                    : Optional.of(DecimalNode.valueOf(new BigDecimal(written)));
        } catch (NumberFormatException exponentOutOfReach) {
            return Optional.empty();
        }
    }

    private DecimalNode value() {
        return find().orElseThrow(() -> new ArithmeticException("the value of this number is out of reach"));
    }

    @Override
    public String asText() {
        return written;
    }

    @Override
    public void serialize(JsonGenerator json, SerializerProvider provider) throws IOException {
        json.writeNumber(written);
    }

    @Override
    public JsonToken asToken() {
        return isWhole() ? JsonToken.VALUE_NUMBER_INT : JsonToken.VALUE_NUMBER_FLOAT;
    }

    @Override
    public JsonParser.NumberType numberType() {
        return isWhole() ? JsonParser.NumberType.BIG_INTEGER : JsonParser.NumberType.BIG_DECIMAL;
    }

    @Override
    public boolean isIntegralNumber() {
        return isWhole();
    }

    @Override
    public boolean isFloatingPointNumber() {
        return !isWhole();
    }

    @Override
    public boolean isBigInteger() {
        return isWhole();
    }

    @Override
    public boolean isBigDecimal() {
        return !isWhole();
    }

    @Override
    public boolean canConvertToInt() {
        return find().map(DecimalNode::canConvertToInt).orElse(false);
    }

    @Override
    public boolean canConvertToLong() {
        return find().map(DecimalNode::canConvertToLong).orElse(false);
    }

    @Override
    public boolean canConvertToExactIntegral() {
        return find().map(DecimalNode::canConvertToExactIntegral).orElse(false);
    }

    @Override
    public Number numberValue() {
        return isWhole() ? bigIntegerValue() : decimalValue();
    }

    @Override
    public int intValue() {
        return value().intValue();
    }

    @Override
    public long longValue() {
        return value().longValue();
    }

    @Override
    public double doubleValue() {
        return Double.parseDouble(written);
    }

    @Override
    public BigDecimal decimalValue() {
        return value().decimalValue();
    }

    @Override
    public BigInteger bigIntegerValue() {
        return value().bigIntegerValue();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WrittenNumber number && number.written.equals(written);
    }

    @Override
    public int hashCode() {
        return written.hashCode();
    }
}

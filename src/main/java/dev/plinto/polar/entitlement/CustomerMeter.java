package dev.plinto.polar.entitlement;

import java.math.BigDecimal;
import java.util.List;

/// What a customer has used of a meter in the current period, as Polar last counted.
public record CustomerMeter(Id.CustomerMeter id, Facts facts) implements Reference {

    public static final Field<String> CUSTOMER_ID = Field.text("customer_id");
    public static final Field<String> METER_ID = Field.text("meter_id");
    public static final Field<BigDecimal> CONSUMED_UNITS = Field.decimal("consumed_units");
    public static final Field<BigDecimal> CREDITED_UNITS = Field.decimal("credited_units");
    /// Credited less consumed; negative beyond what was credited.
    public static final Field<BigDecimal> BALANCE = Field.decimal("balance");

    public static final List<Field<?>> FIELDS = List.of(CUSTOMER_ID, METER_ID, CONSUMED_UNITS, CREDITED_UNITS, BALANCE);

    @Override
    public List<Field<?>> fields() {
        return FIELDS;
    }

    @Override
    public CustomerMeter with(Facts other) {
        return new CustomerMeter(id, other);
    }
}

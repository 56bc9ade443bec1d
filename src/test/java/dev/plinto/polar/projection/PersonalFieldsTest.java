package dev.plinto.polar.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.HeldTable;
import dev.plinto.polar.entitlement.Benefit;
import dev.plinto.polar.entitlement.Checkout;
import dev.plinto.polar.entitlement.Customer;
import dev.plinto.polar.entitlement.CustomerMeter;
import dev.plinto.polar.entitlement.Field;
import dev.plinto.polar.entitlement.Grant;
import dev.plinto.polar.entitlement.Member;
import dev.plinto.polar.entitlement.Meter;
import dev.plinto.polar.entitlement.Order;
import dev.plinto.polar.entitlement.Product;
import dev.plinto.polar.entitlement.Seat;
import dev.plinto.polar.entitlement.Subscription;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// What an erasure empties, and what is empty in a statement that comes later, are the same.
class PersonalFieldsTest {

    private static final Map<String, List<Field<?>>> FIELDS = Map.ofEntries(
            Map.entry("customers", Customer.FIELDS), Map.entry("subscriptions", Subscription.FIELDS),
            Map.entry("orders", Order.FIELDS), Map.entry("grants", Grant.FIELDS),
            Map.entry("products", Product.FIELDS), Map.entry("benefits", Benefit.FIELDS),
            Map.entry("checkouts", Checkout.FIELDS), Map.entry("members", Member.FIELDS),
            Map.entry("seats", Seat.FIELDS), Map.entry("meters", Meter.FIELDS),
            Map.entry("customer_meters", CustomerMeter.FIELDS));

    @Test
    void erasedColumns_areThePersonalFields() {
        Map<String, Set<String>> erased = new TreeMap<>();
        new ProjectedData(new Transactions(null), null, InstantSource.system()).tables().stream()
                .filter(table -> FIELDS.containsKey(table.name()))
                .forEach((HeldTable table) -> erased.put(table.name(), table.cleared().keySet()));
        Map<String, Set<String>> personal = new TreeMap<>();
        FIELDS.forEach((table, fields) -> personal.put(table,
                fields.stream().filter(Field::isPersonal).map(Field::name).collect(Collectors.toSet())));

        assertThat(erased).isEqualTo(personal);
        assertThat(personal.get("members")).contains("email");
    }
}

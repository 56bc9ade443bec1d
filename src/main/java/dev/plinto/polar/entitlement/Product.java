package dev.plinto.polar.entitlement;

import java.time.Instant;
import java.util.List;

/// A product, with its prices as Polar writes them and the ids of the benefits that it grants.
public record Product(Id.Product id, Facts facts) implements Reference {

    public static final Field<String> NAME = Field.text("name");
    public static final Field<String> DESCRIPTION = Field.text("description");
    public static final Field<Boolean> IS_ARCHIVED = Field.bool("is_archived");
    public static final Field<String> METADATA = Field.json("metadata");
    public static final Field<Instant> CREATED_AT = Field.time("created_at").added();
    public static final Field<String> VISIBILITY = Field.text("visibility").added();
    public static final Field<String> RECURRING_INTERVAL = Field.text("recurring_interval").added();
    public static final Field<Long> RECURRING_INTERVAL_COUNT = Field.integer("recurring_interval_count").added();
    public static final Field<String> TRIAL_INTERVAL = Field.text("trial_interval").added();
    public static final Field<Long> TRIAL_INTERVAL_COUNT = Field.integer("trial_interval_count").added();
    public static final Field<String> PRICES = Field.json("prices").added();
    public static final Field<List<String>> BENEFIT_IDS = Field.texts("benefit_ids").added();

    public static final List<Field<?>> FIELDS = List.of(NAME, DESCRIPTION, IS_ARCHIVED, METADATA, CREATED_AT,
            VISIBILITY, RECURRING_INTERVAL, RECURRING_INTERVAL_COUNT, TRIAL_INTERVAL, TRIAL_INTERVAL_COUNT, PRICES,
            BENEFIT_IDS);

    public List<Id.Benefit> benefits() {
        return facts.find(BENEFIT_IDS).orElse(List.of()).stream().map(Id.Benefit::new).toList();
    }

    @Override
    public boolean decidesAs(Reference other) {
        return benefits().equals(((Product) other).benefits());
    }

    @Override
    public List<Field<?>> fields() {
        return FIELDS;
    }

    @Override
    public Product with(Facts other) {
        return new Product(id, other);
    }
}

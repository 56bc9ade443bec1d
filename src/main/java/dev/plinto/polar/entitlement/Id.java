package dev.plinto.polar.entitlement;

/// Ids of Polar's objects, with one type for each kind, so that they cannot be mixed up.
public sealed interface Id {

    String value();

    record Customer(String value) implements Id {
        public Customer {
            requireId(value);
        }
    }

    record Subscription(String value) implements Id {
        public Subscription {
            requireId(value);
        }
    }

    record Order(String value) implements Id {
        public Order {
            requireId(value);
        }
    }

    record Grant(String value) implements Id {
        public Grant {
            requireId(value);
        }
    }

    record Product(String value) implements Id {
        public Product {
            requireId(value);
        }
    }

    record Benefit(String value) implements Id {
        public Benefit {
            requireId(value);
        }
    }

    record Checkout(String value) implements Id {
        public Checkout {
            requireId(value);
        }
    }

    record Member(String value) implements Id {
        public Member {
            requireId(value);
        }
    }

    record Seat(String value) implements Id {
        public Seat {
            requireId(value);
        }
    }

    record Meter(String value) implements Id {
        public Meter {
            requireId(value);
        }
    }

    record CustomerMeter(String value) implements Id {
        public CustomerMeter {
            requireId(value);
        }
    }

    private static void requireId(String value) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("an id must not be blank");
        }
    }
}

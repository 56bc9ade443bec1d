package dev.plinto.polar.polar;

import dev.plinto.polar.entitlement.Benefit;
import dev.plinto.polar.entitlement.Checkout;
import dev.plinto.polar.entitlement.CustomerMeter;
import dev.plinto.polar.entitlement.Facts;
import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.Member;
import dev.plinto.polar.entitlement.Meter;
import dev.plinto.polar.entitlement.Product;
import dev.plinto.polar.entitlement.Seat;
import dev.plinto.polar.entitlement.Stamp;

/// The objects that are only read, as statements; keys count as in [PolarObjects].
final class PolarReferences {

    static Product product(Payload data, Stamp stamp) {
        Facts.StatementBuilder facts = Facts.statedAt(stamp);
        data.carry(facts, Product.NAME, data::text);
        data.carry(facts, Product.DESCRIPTION, data::text);
        data.carry(facts, Product.IS_ARCHIVED, data::bool);
        data.carry(facts, Product.METADATA, data::json);
        data.carry(facts, Product.CREATED_AT, data::time);
        data.carry(facts, Product.VISIBILITY, data::text);
        data.carry(facts, Product.RECURRING_INTERVAL, data::text);
        data.carry(facts, Product.RECURRING_INTERVAL_COUNT, data::integer);
        data.carry(facts, Product.TRIAL_INTERVAL, data::text);
        data.carry(facts, Product.TRIAL_INTERVAL_COUNT, data::integer);
        data.carry(facts, Product.PRICES, data::jsonList);
        data.carry(facts, Product.BENEFIT_IDS, "benefits", benefits -> Payload.sorted(
                data.objects(benefits).map(benefit -> benefit.requiredId("id"))));
        return new Product(new Id.Product(data.requiredId("id")), facts.build());
    }

    static Benefit benefit(Payload data, Stamp stamp) {
        Facts.StatementBuilder facts = Facts.statedAt(stamp);
        data.carry(facts, Benefit.TYPE, data::text);
        data.carry(facts, Benefit.DESCRIPTION, data::text);
        data.carry(facts, Benefit.METADATA, data::json);
        return new Benefit(new Id.Benefit(data.requiredId("id")), BenefitFeature.stated(facts.build()));
    }

    static Checkout checkout(Payload data, Stamp stamp) {
        Facts.StatementBuilder facts = Facts.statedAt(stamp);
        data.carry(facts, Checkout.CUSTOMER_ID, data::id);
        PolarObjects.organization(data, facts, Checkout.ORGANIZATION_ID);
        data.carry(facts, Checkout.EXTERNAL_CUSTOMER_ID, data::id);
        data.carry(facts, Checkout.PRODUCT_ID, data::id);
        data.carry(facts, Checkout.STATUS, data::text);
        data.carry(facts, Checkout.TOTAL_AMOUNT, data::integer);
        data.carry(facts, Checkout.CURRENCY, data::text);
        data.carry(facts, Checkout.SEATS, data::integer);
        data.carry(facts, Checkout.CREATED_AT, data::time);
        data.carry(facts, Checkout.EXPIRES_AT, data::time);
        data.carry(facts, Checkout.REQUEST_ID, "metadata", metadata -> data.object(metadata)
                .map(keys -> keys.shortText(Checkout.REQUEST_KEY)).orElse(null));
        return new Checkout(new Id.Checkout(data.requiredId("id")), facts.build());
    }

    static Member member(Payload data, Stamp stamp) {
        return new Member(new Id.Member(data.requiredId("id")), memberFacts(data, stamp).build());
    }

    /// A member that Polar lists is not deleted; the object itself does not say so.
    static Member listedMember(Payload data, Stamp stamp) {
        return new Member(new Id.Member(data.requiredId("id")),
                memberFacts(data, stamp).carries(Member.DELETED_AT, null).build());
    }

    static Member deletedMember(Payload data, Stamp stamp) {
        return new Member(new Id.Member(data.requiredId("id")),
                memberFacts(data, stamp).carries(Member.DELETED_AT, stamp.moment()).build());
    }

    private static Facts.StatementBuilder memberFacts(Payload data, Stamp stamp) {
        Facts.StatementBuilder facts = Facts.statedAt(stamp);
        data.carry(facts, Member.CUSTOMER_ID, data::id);
        data.carry(facts, Member.EXTERNAL_ID, data::id);
        data.carry(facts, Member.EMAIL, data::text);
        data.carry(facts, Member.NAME, data::text);
        data.carry(facts, Member.ROLE, data::text);
        data.carry(facts, Member.CREATED_AT, data::time);
        return facts;
    }

    static Seat seat(Payload data, Stamp stamp) {
        Facts.StatementBuilder facts = Facts.statedAt(stamp);
        data.carry(facts, Seat.SUBSCRIPTION_ID, data::id);
        data.carry(facts, Seat.ORDER_ID, data::id);
        data.carry(facts, Seat.STATUS, data::text);
        data.carry(facts, Seat.CUSTOMER_ID, data::id);
        data.carry(facts, Seat.MEMBER_ID, data::id);
        // Of the member; without Polar's member model, of the customer who has the seat.
        boolean isCustomers = data.text("email") == null && data.has("customer_email");
        data.carry(facts, Seat.EMAIL, isCustomers ? "customer_email" : "email", data::text);
        data.carry(facts, Seat.CREATED_AT, data::time);
        data.carry(facts, Seat.CLAIMED_AT, data::time);
        data.carry(facts, Seat.REVOKED_AT, data::time);
        return new Seat(new Id.Seat(data.requiredId("id")), facts.build());
    }

    static Meter meter(Payload data, Stamp stamp) {
        Facts.StatementBuilder facts = Facts.statedAt(stamp);
        data.carry(facts, Meter.NAME, data::text);
        data.carry(facts, Meter.ARCHIVED_AT, data::time);
        return new Meter(new Id.Meter(data.requiredId("id")), facts.build());
    }

    static CustomerMeter customerMeter(String customerId, Payload data, Stamp stamp) {
        Facts.StatementBuilder facts = Facts.statedAt(stamp)
                .carries(CustomerMeter.CUSTOMER_ID, customerId);
        data.carry(facts, CustomerMeter.METER_ID, data::id);
        data.carry(facts, CustomerMeter.CONSUMED_UNITS, data::decimal);
        data.carry(facts, CustomerMeter.CREDITED_UNITS, data::decimal);
        data.carry(facts, CustomerMeter.BALANCE, data::decimal);
        return new CustomerMeter(new Id.CustomerMeter(data.requiredId("id")), facts.build());
    }

    private PolarReferences() {}
}

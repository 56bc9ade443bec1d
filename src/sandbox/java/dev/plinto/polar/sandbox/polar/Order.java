package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// An order of the simulated Polar. Amounts are in cents; `refundable…` is what can still be refunded.
final class Order {

    UUID id;
    Instant createdAt;
    Instant modifiedAt;
    String status;
    boolean paid;
    int subtotalAmount;
    int discountAmount;
    int netAmount;
    int taxAmount;
    int totalAmount;
    int appliedBalanceAmount;
    int dueAmount;
    int refundedAmount;
    int refundedTaxAmount;
    String currency;
    String billingReason;
    String billingName;
    Customer.Address billingAddress;
    String invoiceNumber;
    boolean isInvoiceGenerated;
    String receiptNumber;
    Integer seats;
    Integer units;
    UUID customerId;
    UUID productId;
    UUID discountId;
    UUID subscriptionId;
    UUID checkoutId;
    Instant nextPaymentAttemptAt;
    Map<String, Object> metadata;
    Map<String, Object> customFieldData = Map.of();
    int platformFeeAmount;
    String platformFeeCurrency;
    List<Item> items;
    String description;
    int refundableAmount;
    int refundableTaxAmount;

    record Item(
            UUID id,
            Instant createdAt,
            Instant modifiedAt,
            String label,
            int amount,
            int taxAmount,
            boolean proration,
            UUID productPriceId,
            Instant startTimestamp,
            Instant endTimestamp) {}
}

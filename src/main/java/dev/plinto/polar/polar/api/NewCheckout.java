package dev.plinto.polar.polar.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A checkout to be created. What is null is left to Polar.
///
/// @param products ids; the first is selected
/// @param metadata Polar copies it to the order and the subscription
/// @param customFieldData by the names of the product's custom fields
public record NewCheckout(List<String> products, @JsonUnwrapped Buyer buyer, @JsonUnwrapped Pages pages,
        @JsonUnwrapped Terms terms, @JsonUnwrapped @Nullable Trial trial, Map<String, ?> metadata,
        @Nullable Map<String, ?> customFieldData) {

    public NewCheckout {
        products = List.copyOf(products);
        if (products.isEmpty()) {
            throw new IllegalArgumentException("a checkout is for a product");
        }
    }

    /// One of the two ids: of a customer who exists, or the id of ours, with which Polar finds or creates one.
    ///
    /// @param customerBillingAddress at least its country
    public record Buyer(@Nullable String customerId, @Nullable String externalCustomerId,
            @Nullable String customerEmail, @Nullable String customerName,
            @Nullable BillingAddress customerBillingAddress) {

        public Buyer {
            if (customerId == null && externalCustomerId == null) {
                throw new IllegalArgumentException("a buyer has an id");
            }
        }

        /// Without personal data.
        @Override
        public String toString() {
            return "Buyer[customerId=" + customerId + ", externalCustomerId=" + externalCustomerId + "]";
        }
    }

    /// @param country two letters (ISO 3166)
    public record BillingAddress(String country) {}

    /// Where the buyer's browser goes. Whoever asks has checked these addresses.
    ///
    /// @param successUrl  Polar replaces `{CHECKOUT_ID}` in it
    /// @param embedOrigin of the page that shows the checkout in a frame
    public record Pages(@Nullable String successUrl, @Nullable String returnUrl, @Nullable String embedOrigin) {}

    /// @param currency three letters in lower case
    /// @param seats    1 to 10,000, for products that are sold by the seat
    /// @param units    for products that are sold by the unit
    /// @param locale   such as `es` or `pt-BR`
    public record Terms(@Nullable String currency, @Nullable Integer seats, @Nullable Integer units,
            @Nullable String discountId,
            @Nullable Boolean allowDiscountCodes, @Nullable String locale) {

        public static final Terms OF_POLAR = new Terms(null, null, null, null, null, null);
    }

    /// Another trial than the product's.
    ///
    /// @param trialInterval      `day`, `week`, `month` or `year`
    /// @param trialIntervalCount 1 to 1,000
    public record Trial(boolean allowTrial, @Nullable String trialInterval, @Nullable Integer trialIntervalCount) {

        public static final Trial NONE = new Trial(false, null, null);

        public static Trial of(String interval, int count) {
            return new Trial(true, interval, count);
        }
    }
}

package dev.plinto.polar.sandbox.polar;

/// What the first payment of a checkout amounts to, in cents. `tax` is null as long as it is not known where the buyer
/// is.
record CheckoutAmounts(int price, int discount, int net, Integer tax) {

    static CheckoutAmounts of(Checkout checkout, Product product, Discount discount, boolean placeKnown) {
        int price = product.price().amount(checkout.seats);
        int off = discount == null || checkout.trial ? 0 : discount.off(price, product.price().priceCurrency());
        int net = checkout.trial ? 0 : price - off;
        return new CheckoutAmounts(price, off, net, placeKnown ? Orders.taxOn(net) : null);
    }

    int total() {
        return tax == null ? net : net + tax;
    }

    /// Also if the buyer's place, and with it the tax, is not known.
    boolean isPaymentRequired() {
        return net > 0;
    }
}

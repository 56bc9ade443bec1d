package dev.plinto.polar.sandbox.polar.pages;

import dev.plinto.polar.sandbox.polar.TestCard;
import java.util.Arrays;
import java.util.List;

/// A card that the checkout offers: there are no others, since no money moves. `token` is what a card's number becomes
/// before Polar sees it.
record CardChoice(String token, String number, String does) {

    static final List<CardChoice> ALL = Arrays.stream(TestCard.values()).map(CardChoice::of).toList();

    private static CardChoice of(TestCard card) {
        return switch (card) {
            case PAYS -> new CardChoice(card.token(), "4242 4242 4242 4242", "pays");
            case DECLINED -> new CardChoice(card.token(), "4000 0000 0000 0002", "is declined");
            case PAYS_LATER -> new CardChoice(
                    card.token(), "4000 0027 6000 3184", "pays some seconds later, as with 3-D Secure");
            case DECLINED_LATER -> new CardChoice(
                    card.token(), "4000 0084 0000 1629", "is declined some seconds later");
        };
    }
}

package dev.plinto.polar.sandbox.conekta;

import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// Ids in the forms of Conekta's.
final class Ids {

    private static final String BASE_58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private static final String HEX = "0123456789abcdef";
    private static final String DIGITS = "0123456789";
    private static final int LENGTH = 16;
    private static final int HEX_LENGTH = 24;

    private final RandomGenerator random;

    Ids(RandomGenerator random) {
        this.random = random;
    }

    /// As in `ord_2tUgccjdQJ7SdBrXb`.
    String next(String prefix) {
        return prefix + "_2" + of(BASE_58, LENGTH);
    }

    /// As in `641b1d5662d7e00001eaa46b`.
    String hex() {
        return of(HEX, HEX_LENGTH);
    }

    String digits(int length) {
        return of(DIGITS, length);
    }

    /// Of a page's address.
    String slug() {
        return of(HEX, 2 * LENGTH);
    }

    String uuid() {
        return new UUID(
                random.nextLong() & 0xffff_ffff_ffff_0fffL | 0x4000L,
                random.nextLong() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L).toString();
    }

    private String of(String alphabet, int length) {
        return random.ints(length, 0, alphabet.length())
                .mapToObj(position -> alphabet.substring(position, position + 1))
                .collect(Collectors.joining());
    }
}

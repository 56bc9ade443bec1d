package dev.plinto.polar.sandbox.plinto;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// The people who can sign in: one of each role, and one with several.
enum Person {

    OWNER("Olivia", "may do everything for the organization"),
    ADMIN("Ahmed", "buys, and changes subscriptions and seats"),
    MEMBER("Mei", "uses what the organization has"),
    VIEWER("Victor", "sees what the organization has"),
    CONSULTANT("Carla", "works for several organizations, with a role in each"),
    OPERATOR("Otto", "operates this service, for no organization");

    private final String givenName;
    private final String does;

    Person(String givenName, String does) {
        this.givenName = givenName;
        this.does = does;
    }

    static Optional<Person> of(String id) {
        return Arrays.stream(values()).filter(person -> person.id().equals(id)).findFirst();
    }

    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    String givenName() {
        return givenName;
    }

    String does() {
        return does;
    }
}

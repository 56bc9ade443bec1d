package dev.plinto.polar;

/// A topic, and what becomes of an organization's data on it.
///
/// @param isPersonal whether its messages can hold personal data
/// @param ending     how the data goes, in words
public record HeldTopic(String name, boolean isPersonal, String ending) {}

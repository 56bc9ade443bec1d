package dev.plinto.polar.billing;

/// What is wrong with a field of a body, for the person who writes the program that sends it.
///
/// @param field its path, such as `metadata.source`; never its value
public record FieldFault(String field, String message) {}

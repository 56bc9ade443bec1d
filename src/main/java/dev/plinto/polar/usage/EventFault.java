package dev.plinto.polar.usage;

import org.jspecify.annotations.Nullable;

/// What is wrong with a field of an event, for the person who writes the program that sends it.
///
/// @param index of the event in the request, from 0; null if the field is none of an event's
/// @param field its name; never its value
public record EventFault(@Nullable Integer index, String field, String message) {}

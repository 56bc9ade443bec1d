package dev.plinto.polar.access;

/// What the history tells of an account.
sealed interface HistoryRow permits PastChange, PublishedSet {}

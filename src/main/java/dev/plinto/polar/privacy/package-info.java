/// All that is held on an organization, handed out and erased. What a room holds it says itself
/// ([dev.plinto.polar.HeldData]). [CustomerData] is the way in, [CarryOutErasures] does the rest.
package dev.plinto.polar.privacy;

/// All that is held on an organization, handed out and erased. What each room holds it says itself
/// ([dev.plinto.polar.HeldData]); this room collects it: [CustomerData] is the way in, [CarryOutErasures] does the rest.
package dev.plinto.polar.privacy;

/**
 * The balancer as a whole: the construction of its parts ({@code ControlPlane}, {@code DataPlane}), its start and its stop
 * ({@code Balancer}). Only here are long-lived objects constructed, and a concrete registry or pick policy named; the packages
 * below do one job each (ARCHITECTURE.md has the map).
 */
@NullMarked
package dev.pointsman.balancer;

import org.jspecify.annotations.NullMarked;

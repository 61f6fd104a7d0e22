/**
 * The balancer as a whole: the construction of its parts, its start and its stop. {@code Balancer} is the only place
 * that constructs long-lived objects and that names a concrete registry or pick policy; the packages below it do one
 * job each (ARCHITECTURE.md has the map).
 */
@NullMarked
package dev.pointsman.balancer;

import org.jspecify.annotations.NullMarked;

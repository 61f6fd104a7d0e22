@NullMarked
package dev.pointsman.registry.consul.internal.shared;

import org.jspecify.annotations.NullMarked;

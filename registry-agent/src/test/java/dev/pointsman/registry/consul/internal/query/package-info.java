@NullMarked
package dev.pointsman.registry.consul.internal.query;

import org.jspecify.annotations.NullMarked;

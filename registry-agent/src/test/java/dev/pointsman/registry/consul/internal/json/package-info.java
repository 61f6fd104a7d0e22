@NullMarked
package dev.pointsman.registry.consul.internal.json;

import org.jspecify.annotations.NullMarked;

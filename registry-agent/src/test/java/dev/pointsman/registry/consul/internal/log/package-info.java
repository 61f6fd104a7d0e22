@NullMarked
package dev.pointsman.registry.consul.internal.log;

import org.jspecify.annotations.NullMarked;

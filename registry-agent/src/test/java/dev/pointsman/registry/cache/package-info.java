@NullMarked
package dev.pointsman.registry.cache;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.pointsman.registry;

import org.jspecify.annotations.NullMarked;

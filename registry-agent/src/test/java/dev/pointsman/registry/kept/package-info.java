@NullMarked
package dev.pointsman.registry.kept;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.pointsman.registry.junit;

import org.jspecify.annotations.NullMarked;

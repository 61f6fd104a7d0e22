@NullMarked
package dev.pointsman.dist;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.pointsman.launcher;

import org.jspecify.annotations.NullMarked;

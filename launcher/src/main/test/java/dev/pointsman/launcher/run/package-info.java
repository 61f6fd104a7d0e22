@NullMarked
package dev.pointsman.launcher.run;

import org.jspecify.annotations.NullMarked;

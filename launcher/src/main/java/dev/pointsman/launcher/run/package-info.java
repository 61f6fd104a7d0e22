/**
 * The running of instances: types with their slots, one instance from start to end, health checks, restarts, graceful stops
 * and rolling replacements. Everything here is confined to the launcher's loop; processes, the registry and balancers are
 * reached by the ports of {@link dev.pointsman.launcher.run.LauncherContext}.
 */
@NullMarked
package dev.pointsman.launcher.run;

import org.jspecify.annotations.NullMarked;

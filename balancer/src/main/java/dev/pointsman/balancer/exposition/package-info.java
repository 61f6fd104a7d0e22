/** What is counted, in the formats of Prometheus and OpenMetrics. */
@NullMarked
package dev.pointsman.balancer.exposition;

import org.jspecify.annotations.NullMarked;

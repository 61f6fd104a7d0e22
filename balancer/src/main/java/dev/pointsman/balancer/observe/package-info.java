/**
 * What is seen of requests: a request and its attempts with their times and ends, noted once, and told to those who count,
 * trace and log them.
 */
@NullMarked
package dev.pointsman.balancer.observe;

import org.jspecify.annotations.NullMarked;

#!/usr/bin/env bash
# The real consul, where a block starts an agent with its default ports, on free ones.
PATH=$STAGE_PATH
if [ "${1:-}" = agent ]; then
    exec consul "$@" -client "$STAGE_ADDRESS" -node "machine-${STAGE_ADDRESS//./-}" -http-port "$STAGE_8500" -dns-port "$STAGE_8600" \
        -server-port "$STAGE_8300" -serf-lan-port "$STAGE_8301" -serf-wan-port -1 -grpc-port -1
fi
exec consul "$@"

#!/usr/bin/env bash
# The front door as the documentation's blocks find it: where they mean a default port, one that is free here.
command=${1:-}
has() { # OPTION ARGUMENT...
    local option=$1 argument
    shift
    for argument in "$@"; do
        [ "$argument" = -- ] && return 1
        case $argument in "$option" | "$option="*) return 0 ;; esac
    done
    return 1
}
own=()
case $command in
    demo) own=(--port "$STAGE_8080" --admin-port "$STAGE_9901" --registry-port "$STAGE_8500") ;;
    registry) has --port "$@" || own=(--port "$STAGE_8500") ;;
    balancer)
        has --port "$@" || has --listen "$@" || own+=(--port "$STAGE_8080")
        [ "$STAGE_ADDRESS" = 127.0.0.1 ] || has --host "$@" || own+=(--host "$STAGE_ADDRESS")
        has --admin "$@" || own+=(--admin "$STAGE_ADDRESS:$STAGE_9901")
        ;;
    status | changes | top | routes | history | rollback | upgrade | explain | plan)
        has --admin "$@" || own=(--admin "$STAGE_ADDRESS:$STAGE_9901")
        ;;
esac
exec "$STAGE_REPOSITORY/pointsman" "${@:1:1}" "${own[@]}" "${@:2}"

#!/bin/bash
# Stands in for docker and podman in the lab, which reaches no registry. A container is a unit whose process has
# its own view of the file system, with the volumes in it, and runs what our image runs first. The rest is the lab's, whose own
# vbmcd has to be stopped.
#
#   docker run -d --name NAME -v FROM:TO[:ro] … IMAGE [COMMAND]    without COMMAND: vbmcd --foreground
#   docker exec [-ti] NAME COMMAND…
#   docker rm -f NAME
set -euo pipefail

verb=$1
shift
case $verb in
run)
    properties=()
    while [[ ${1:-} == -* ]]; do
        case $1 in
        --name) name=$2; shift 2 ;;
        -v)
            IFS=: read -r from to mode <<< "$2"
            kind=BindPaths
            [[ $mode != ro* ]] || kind=BindReadOnlyPaths
            properties+=("--property=$kind=$from:$to")
            shift 2
            ;;
        --net | --network | --pod | -e) shift 2 ;;
        *) shift ;;
        esac
    done
    shift
    [[ $# -gt 0 ]] || set -- /usr/local/bin/vbmcd --foreground
    exec systemd-run --quiet --collect --unit="container-$name" --setenv=HOME=/root "${properties[@]}" \
        /bin/sh /root/container-start "$@"
    ;;
exec)
    while [[ ${1:-} == -* ]]; do shift; done
    pid=$(systemctl show --property=MainPID --value "container-$1")
    [[ $pid != 0 ]] || { echo "no container $1" >&2; exit 125; }
    shift
    exec nsenter --target "$pid" --mount --wd=/root -- env HOME=/root "$@"
    ;;
rm)
    exec systemctl stop "container-${*: -1}"
    ;;
*)
    echo "the stand-in has no $verb" >&2
    exit 125
    ;;
esac

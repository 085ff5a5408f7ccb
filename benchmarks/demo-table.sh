#!/bin/sh
# The README's table: the full demo over three seeds, each in an empty directory, with peak memory and an audit after kill -9.
#   benchmarks/demo-table.sh [SEED...]
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
[ $# -gt 0 ] || set -- 1 2 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Proportional set size of the process and its children, in KiB: the largest of one reading a second.
watch_memory() {
    most=0
    while kill -0 "$1" 2>/dev/null; do
        now=0
        for process in "$1" $(pgrep -P "$1" || true); do
            size=$(awk '/^Pss:/ { print $2 }' "/proc/$process/smaps_rollup" 2>/dev/null || true)
            now=$((now + ${size:-0}))
        done
        if [ "$now" -gt "$most" ]; then
            most=$now
            echo "$most" > "$2"
        fi
        sleep 1
    done
}

for seed in "$@"; do
    "$here/rlaif" demo --seed "$seed" --data "$work/$seed" --json > "$work/$seed.json" &
    demo=$!
    watch_memory "$demo" "$work/$seed.memory" &
    wait "$demo"
    tail -n 1 "$work/$seed.json"
    echo "seed $seed: $(($(cat "$work/$seed.memory") / 1024)) MiB at most, all processes together" >&2
    rm -rf "${work:?}/$seed"
done

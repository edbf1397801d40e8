#!/bin/sh
# The container's first process: runs `voltage` with the given words.
#
# When the first process ends, the kernel kills all others of the container at once. If that were the lane,
# its supervisor could not outlive it, and nobody would cancel what rests. So this shell starts the lane,
# hands signals on to it, and ends when no supervisor is left, or after SUPERVISOR_PATIENCE_S seconds. Its
# exit code is the lane's. `docker kill` (SIGKILL) still ends everything; then only the expiration time of
# each order is left.
set -u
main="${VOLTAGE_MAIN:-/app/dist/src/cli/main.js}"
patience="${SUPERVISOR_PATIENCE_S:-90}"

supervised() {
  for each in /proc/[0-9]*/cmdline; do
    case "$({ tr '\0' ' ' <"$each"; } 2>/dev/null)" in
      *"$main supervise"*) return 0 ;;
    esac
  done
  return 1
}

lane=
asked=
hand_on() {
  asked=$1
  [ -n "$lane" ] && kill -"$asked" "$lane" 2>/dev/null
}
trap 'hand_on TERM' TERM
trap 'hand_on INT' INT
trap 'hand_on HUP' HUP
node "$main" "$@" &
lane=$!
# One that came before there was a lane.
[ -n "$asked" ] && kill -"$asked" "$lane" 2>/dev/null
# A signal ends `wait` early, with a code that is not the lane's.
while :; do
  wait "$lane"
  code=$?
  kill -0 "$lane" 2>/dev/null || break
done
while [ "$patience" -gt 0 ] && supervised; do
  sleep 1
  patience=$((patience - 1))
done
exit "$code"

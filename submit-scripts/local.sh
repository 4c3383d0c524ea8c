#!/usr/bin/env bash
# Runs a Firesteel command on embedded Spark, on all of this machine's cores.
#
#   submit-scripts/local.sh [--dry-run] [SPARK-SUBMIT OPTIONS] COMMAND [ARGUMENTS]
#   submit-scripts/local.sh --master 'local[2]' --driver-memory 8g train --data ... --label ... --model ...
#
# The defaults below give way to the user's options and properties files: half of the machine's memory
# (1g to 16g; also SPARK_DRIVER_MEMORY), no web UI (--conf spark.ui.enabled=true), loopback only (SPARK_LOCAL_IP).
set -euo pipefail
# Also where a link to this script was called; older versions of macOS have no readlink -f.
here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}" 2>/dev/null || printf %s "${BASH_SOURCE[0]}")")

# The machine's memory in MiB: the least of the hardware's and, in a container, the control group's.
memory_mib() {
  {
    awk '/^MemTotal:/ {print $2 * 1024}' /proc/meminfo || sysctl -n hw.memsize || true
    cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes || true
  } 2>/dev/null | awk '/^[0-9]/ && (!least || $1 < least) {least = $1} END {printf "%d\n", least / 1048576}'
}

if [ -z "${SPARK_DRIVER_MEMORY:-}" ]; then
  half=$(($(memory_mib) / 2))
  if [ "$half" -lt 1024 ]; then half=1024; fi
  if [ "$half" -gt 16384 ]; then half=16384; fi
  export SPARK_DRIVER_MEMORY=${half}m
fi
export SPARK_LOCAL_IP=${SPARK_LOCAL_IP:-127.0.0.1}
# A collector that the user chooses is the only one, for Java takes no two.
case " ${SPARK_SUBMIT_OPTS:-} $*" in
  *-XX:+Use*GC*) options='^-D' ;;
  *) options='^-' ;;
esac
options=$(grep -e "$options" "$here/../conf/local-jvm.args" | tr '\n' ' ')
export SPARK_SUBMIT_OPTS="$options${SPARK_SUBMIT_OPTS:-}"

printf -v FIRESTEEL_COMMAND %q "$0" # which help and summaries name
export FIRESTEEL_COMMAND

exec "$here/spark-submit" --conf 'spark.master=local[*]' "$@"

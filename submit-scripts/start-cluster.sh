#!/usr/bin/env bash
# Starts a standalone Spark cluster on this machine, on the loopback address only, and prints its URL.
#
#   submit-scripts/start-cluster.sh [--properties-file FILE] WORKERS [CORES_PER_WORKER [MEMORY_PER_WORKER]]
#   submit-scripts/start-cluster.sh 2 4 8g
#
# By default the workers share the machine's cores, and have 2g each. An executor takes 1g of its worker's memory
# unless --executor-memory says otherwise. The master's port is 7077, or FIRESTEEL_MASTER_PORT. Logs, process ids and
# the executors' folders are under target/cluster. End it with submit-scripts/stop-cluster.sh.
# There is no authentication unless a properties file like conf/standalone.conf asks for it: every user of this
# machine can run programs on the cluster.
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"
. "$(dirname -- "${BASH_SOURCE[0]}")/cluster-common.sh"

is_count() { case $1 in '' | 0* | *[!0-9]*) return 1 ;; esac; }

settings=()
if [ "${1:-}" = --properties-file ]; then
  [ -f "${2:-}" ] || die "--properties-file ${2:-}: no such file" 2
  settings=(--properties-file "$2")
  shift 2
fi
workers=${1:-}
if ! is_count "$workers" || [ $# -gt 3 ]; then usage; fi
cores=$(($(getconf _NPROCESSORS_ONLN) / workers))
cores=${2:-$((cores > 0 ? cores : 1))}
is_count "$cores" || usage
memory=${3:-2g}
case $memory in *[!0-9mMgG]* | [!1-9]* | *[0-9]) die "memory is a number with m or g, such as 2g, not '$memory'" 2 ;; esac
port=${FIRESTEEL_MASTER_PORT:-7077}
url=spark://127.0.0.1:$port

for file in "$cluster"/*.pid; do
  if [ -e "$file" ] && ours "$file"; then
    die "a cluster is running already: submit-scripts/stop-cluster.sh ends it"
  fi
done

build
find_java
use_spark_home
mkdir -p "$cluster/work"
rm -f "$cluster"/*.pid "$cluster"/*.log

export SPARK_LOCAL_IP=127.0.0.1 # also where the web UIs listen
export SPARK_NO_DAEMONIZE=1 SPARK_DAEMON_MEMORY=${SPARK_DAEMON_MEMORY:-512m}
# The first marks the processes as ours; with the second a port in use is an error, not a reason to try the next;
# the third spares a port.
export SPARK_DAEMON_JAVA_OPTS="\"$mark\" -Dspark.port.maxRetries=0 -Dspark.master.rest.enabled=false ${SPARK_DAEMON_JAVA_OPTS:-}"
# Spark's own log settings: start-up is followed in the logs.
export LOG4J_CONFIGURATION_FILE=classpath:org/apache/spark/log4j2-defaults.properties

# start NAME CLASS ARGS...
start() {
  local name=$1
  shift
  launch_command "$@"
  nohup "${command[@]}" </dev/null >"$cluster/$name.log" 2>&1 &
  echo $! >"$cluster/$name.pid"
}

# wait_for NAME TEXT: until TEXT is in the process's log; a process that ends, or a minute, is a failure.
wait_for() {
  local name=$1 text=$2 tries=0
  until grep -q "$text" "$cluster/$name.log"; do
    tries=$((tries + 1))
    if [ $tries -gt 300 ] || ! ours "$cluster/$name.pid"; then
      tail -n 20 "$cluster/$name.log" >&2
      stop_cluster
      die "the cluster's $name did not start; the end of target/cluster/$name.log is above"
    fi
    sleep 0.2
  done
}

trap 'stop_cluster; exit 1' INT TERM HUP
start master org.apache.spark.deploy.master.Master --host 127.0.0.1 --port "$port" --webui-port 0 \
  ${settings[@]+"${settings[@]}"}
wait_for master 'New state: ALIVE'
for ((i = 1; i <= workers; i++)); do
  start "worker-$i" org.apache.spark.deploy.worker.Worker --host 127.0.0.1 --webui-port 0 \
    --cores "$cores" --memory "$memory" --work-dir "$cluster/work" ${settings[@]+"${settings[@]}"} "$url"
done
for ((i = 1; i <= workers; i++)); do
  wait_for "worker-$i" 'Successfully registered with master'
done
say "$workers worker(s) with $cores core(s) and $memory each; submit-scripts/stop-cluster.sh ends them"
echo "$url"

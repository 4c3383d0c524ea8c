#!/usr/bin/env bash
# Runs a Firesteel command on a standalone Spark cluster; the driver runs here (client mode).
#
#   submit-scripts/standalone.sh spark://HOST:7077 [--dry-run] [SPARK-SUBMIT OPTIONS] COMMAND [ARGUMENTS]
#   submit-scripts/standalone.sh spark://HOST:7077 --total-executor-cores 16 --executor-memory 4g train ...
#
# All of the cluster's cores are used unless --total-executor-cores says how many; given, it also makes the run wait
# for them (conf/spark-defaults.conf). The cluster's machines must be able to connect to this one: see Spark's
# spark.driver.host. submit-scripts/start-cluster.sh starts a cluster on this machine.
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

case ${1:-} in
  spark://*) master=$1 ;;
  *) usage ;;
esac
shift
loopback=()
case $master in
  spark://127.0.0.1:* | spark://localhost:*)
    export SPARK_LOCAL_IP=${SPARK_LOCAL_IP:-127.0.0.1}
    loopback=(--conf spark.driver.host=127.0.0.1 --conf spark.driver.bindAddress=127.0.0.1)
    ;;
esac
exec "$root/submit-scripts/spark-submit" --master "$master" --deploy-mode client ${loopback[@]+"${loopback[@]}"} "$@"

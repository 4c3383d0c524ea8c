#!/usr/bin/env bash
# Runs a Firesteel command on Kubernetes.
#
#   submit-scripts/kubernetes.sh k8s://https://HOST:PORT [--dry-run] [SPARK-SUBMIT OPTIONS] COMMAND [ARGUMENTS]
#   FIRESTEEL_JARS=local:///opt/firesteel submit-scripts/kubernetes.sh k8s://https://HOST:6443 --deploy-mode cluster \
#     --properties-file my-kubernetes.conf train --data s3a://bucket/data.csv --label y --model s3a://bucket/model
#
# The driver runs here (client mode), where the executors' pods must be able to connect to it, or with --deploy-mode
# cluster in a pod of its own: submit-scripts/spark-submit says what that means. conf/kubernetes.conf is a template of
# the settings; the pods' image (spark.kubernetes.container.image) has Spark 4.1. SPARK_HOME must name a Spark 4.1
# distribution, unless Firesteel was built with mvn -Pkubernetes.
set -euo pipefail
# Also where a link to this script was called; older versions of macOS have no readlink -f.
here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}" 2>/dev/null || printf %s "${BASH_SOURCE[0]}")")
. "$here/common.sh"

case ${1:-} in
  k8s://?*) master=$1 ;;
  --help | -h) manual && exit ;;
  *) die "kubernetes.sh: expected the API server's URL k8s://https://HOST:PORT first, not '${1:-}'" 2 ;;
esac
shift
need_spark_module kubernetes Kubernetes
exec "$root/submit-scripts/spark-submit" --master "$master" "$@"

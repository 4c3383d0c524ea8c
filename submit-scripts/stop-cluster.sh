#!/usr/bin/env bash
# Ends what submit-scripts/start-cluster.sh started on this machine, and waits until its processes are gone.
#
#   submit-scripts/stop-cluster.sh
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"
. "$(dirname -- "${BASH_SOURCE[0]}")/cluster-common.sh"

[ $# -eq 0 ] || usage
stop_cluster

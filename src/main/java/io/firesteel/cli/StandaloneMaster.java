package io.firesteel.cli;

import io.firesteel.base.UserError;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.DeployMessages.MasterStateResponse;
import org.apache.spark.deploy.DeployMessages.RequestMasterState$;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.master.WorkerInfo;
import org.apache.spark.internal.config.package$;
import org.apache.spark.rpc.RpcAddress;
import org.apache.spark.rpc.RpcEnv;
import scala.Option;
import scala.reflect.ClassTag;

/**
 * The master of a standalone cluster, asked whether it is there and takes this program: Spark would try for a minute, and say in
 * hundreds of lines why it gives up.
 */
final class StandaloneMaster {
    private static final String PREFIX = "spark://";
    private static final int CONNECT_MILLIS = 5000;

    private StandaloneMaster() {}

    /**
     * Makes sure that a master can be used, if it is one of a standalone cluster.
     *
     * @param url one or several masters: spark://HOST:PORT,HOST:PORT
     * @throws UserError when none can be reached, or the first of those that can does not take this program's secret
     */
    static void expectUsable(String url, SparkConf conf) {
        if (!url.startsWith(PREFIX)) {
            return;
        }
        List<String> problems = new ArrayList<>();
        for (RpcAddress address : addresses(url)) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(address.host(), address.port()), CONNECT_MILLIS);
            } catch (IOException | IllegalArgumentException e) {
                problems.add(address.hostPort() + ": " + reason(e));
                continue;
            }
            expectAccess(address, conf);
            return;
        }
        throw new UserError(
                "no master of the cluster answers at " + String.join("; ", problems),
                "submit-scripts/start-cluster.sh starts one",
                null);
    }

    private static List<RpcAddress> addresses(String url) {
        try {
            return Arrays.stream(url.substring(PREFIX.length()).split(","))
                    .map(address -> RpcAddress.fromSparkURL(PREFIX + address))
                    .toList();
        } catch (Exception e) { // Scala's, which are not declared
            throw new UserError("the master " + url + ": expected spark://HOST:PORT", e);
        }
    }

    private static String reason(Exception e) {
        return e instanceof UnknownHostException ? "unknown host" : String.valueOf(e.getMessage());
    }

    private static void expectAccess(RpcAddress address, SparkConf given) {
        SparkConf conf = given.clone().set("spark.rpc.lookupTimeout", "20s");
        SecurityManager security = new SecurityManager(conf, Option.empty(), package$.MODULE$.AUTH_SECRET_FILE());
        RpcEnv environment = RpcEnv.create("firesteel", "localhost", 0, conf, security, true);
        try {
            environment.setupEndpointRef(address, Master.ENDPOINT_NAME());
        } catch (Exception e) {
            throw new UserError(
                    "the cluster at " + address.hostPort() + " turns this program away",
                    "spark.authenticate and spark.authenticate.secret have to be those of the cluster",
                    e);
        } finally {
            environment.shutdown();
        }
    }

    /** Returns what the workers of a standalone cluster have; the empty text when the master does not say. */
    static String workers(String url) {
        for (RpcAddress address : url.startsWith(PREFIX) ? addresses(url) : List.<RpcAddress>of()) {
            try {
                MasterStateResponse state = SparkEnv.get()
                        .rpcEnv()
                        .setupEndpointRef(address, Master.ENDPOINT_NAME())
                        .askSync(RequestMasterState$.MODULE$, ClassTag.apply(MasterStateResponse.class));
                return Arrays.stream(state.workers())
                        .filter(WorkerInfo::isAlive)
                        .map(worker -> worker.host() + " has " + worker.coresFree() + " of " + worker.cores()
                                + " cores and " + worker.memoryFree() + " of " + worker.memory() + " MiB free")
                        .collect(Collectors.joining(", ", "workers: ", ""));
            } catch (Exception e) {
                // A standby, or a dead one: the next may know.
            }
        }
        return "";
    }
}

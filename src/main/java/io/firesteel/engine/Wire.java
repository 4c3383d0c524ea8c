package io.firesteel.engine;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.network.TransportContext;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.client.TransportClientBootstrap;
import org.apache.spark.network.client.TransportClientFactory;
import org.apache.spark.network.crypto.AuthClientBootstrap;
import org.apache.spark.network.crypto.AuthServerBootstrap;
import org.apache.spark.network.server.OneForOneStreamManager;
import org.apache.spark.network.server.RpcHandler;
import org.apache.spark.network.server.StreamManager;
import org.apache.spark.network.server.TransportServer;
import org.apache.spark.network.server.TransportServerBootstrap;
import org.apache.spark.network.util.ConfigProvider;
import org.apache.spark.network.util.TransportConf;
import scala.Tuple2;

/**
 * One end of the messages between the driver and its resident tasks: a server and clients of Spark's own transport, with the
 * application's authentication and encryption. Its owner decides which connections it believes; it gets messages on the
 * transport's threads, those of a connection one after another.
 */
final class Wire implements AutoCloseable {
    /** Whose settings it uses: those of Spark's own messages. */
    private static final String MODULE = "rpc";

    /** The threads of each side: a message is copied by one of them, and hardly more than two arrive at a time. */
    private static final Map<String, String> DEFAULTS =
            Map.of("spark.rpc.io.serverThreads", "2", "spark.rpc.io.clientThreads", "2");

    private final TransportContext context;
    private final TransportServer server;
    private final TransportClientFactory clients;

    /** Gets what arrives. */
    interface Receiver {
        /** Gets a message, which is its own only until it returns. */
        void received(TransportClient from, ByteBuffer message);

        /** Is told that a connection ended, by whichever end. */
        void ended(TransportClient from);
    }

    /**
     * Opens a server on a port that is free.
     *
     * @param host the name or address that it listens on
     */
    Wire(SparkEnv env, String host, Receiver receiver) {
        SparkConf settings = env.conf();
        TransportConf conf = new TransportConf(MODULE, new Settings(settings));
        SecurityManager security = env.securityManager();
        List<TransportServerBootstrap> answers = new ArrayList<>();
        List<TransportClientBootstrap> calls = new ArrayList<>();
        if (security.isAuthenticationEnabled()) {
            answers.add(new AuthServerBootstrap(conf, security));
            calls.add(new AuthClientBootstrap(conf, security.getSaslUser(), security));
        }
        context = new TransportContext(conf, new Handler(receiver));
        server = context.createServer(host, 0, answers);
        clients = context.createClientFactory(calls);
    }

    /** Returns why an application with these settings cannot use it; null if it can. */
    static String hindrance(SparkConf settings) {
        return settings.getBoolean("spark.ssl.rpc.enabled", false) ? "spark.ssl.rpc.enabled is set" : null;
    }

    /** Returns the port that it listens on. */
    int port() {
        return server.getPort();
    }

    /** Opens a connection of its own to another end. */
    TransportClient connect(String host, int port) throws IOException {
        try {
            return clients.createUnmanagedClient(host, port);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(e.getMessage());
        }
    }

    @Override
    public void close() {
        clients.close();
        server.close();
        context.close();
    }

    private static final class Handler extends RpcHandler {
        private final Receiver receiver;
        private final StreamManager streams = new OneForOneStreamManager(); // of which there are none

        Handler(Receiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public void receive(TransportClient from, ByteBuffer message) {
            receiver.received(from, message);
        }

        @Override
        public void receive(TransportClient from, ByteBuffer message, RpcResponseCallback answer) {
            throw new UnsupportedOperationException("nothing here answers");
        }

        @Override
        public void channelInactive(TransportClient from) {
            receiver.ended(from);
        }

        @Override
        public StreamManager getStreamManager() {
            return streams;
        }
    }

    /** Spark's settings, as its transport asks for them. */
    private static final class Settings extends ConfigProvider {
        private final SparkConf conf;

        Settings(SparkConf conf) {
            this.conf = conf;
        }

        @Override
        public String get(String name) {
            String value = conf.get(name, DEFAULTS.get(name));
            if (value == null) {
                throw new NoSuchElementException(name);
            }
            return value;
        }

        @Override
        public Iterable<Map.Entry<String, String>> getAll() {
            List<Map.Entry<String, String>> all = new ArrayList<>();
            for (Tuple2<String, String> setting : conf.getAll()) {
                all.add(Map.entry(setting._1(), setting._2()));
            }
            return all;
        }
    }
}

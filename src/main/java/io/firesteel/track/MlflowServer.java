package io.firesteel.track;

import static io.firesteel.base.SettingNames.mention;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firesteel.base.Addresses;
import io.firesteel.base.OneLine;
import io.firesteel.base.UserError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The REST interface of an MLflow tracking server.
 *
 * @see <a href="https://mlflow.org/docs/latest/api_reference/rest-api.html">REST API</a>
 */
final class MlflowServer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECTING = Duration.ofSeconds(5);
    private static final Duration ANSWERING = Duration.ofSeconds(20);
    private static final int LONGEST_ANSWER = 200;
    private static final int MOST_BYTES = 1_000_000;

    private final String address; // without user and password
    private final String authorization; // null for none
    private final Duration answering;
    private HttpClient client; // null before the first request

    /** The server refuses what it is asked, and would refuse it again. */
    static final class Refused extends IOException {
        private static final long serialVersionUID = 1;

        private final int status;
        private final String code;

        Refused(int status, String code, String message) {
            super(message);
            this.status = status;
            this.code = code;
        }

        /** Returns whether what was asked for is not there. */
        boolean isAbsent() {
            return status == 404 && code.equals("RESOURCE_DOES_NOT_EXIST");
        }

        /** Returns whether what was to be made is there already. */
        boolean isThere() {
            return code.equals("RESOURCE_ALREADY_EXISTS");
        }
    }

    /**
     * @param uri of the server, with a user and password or without
     * @param environment the process's variables, which may have a user and password, or a token
     * @throws UserError when it is no address of a server
     */
    MlflowServer(String uri, Map<String, String> environment) {
        this(uri, environment, ANSWERING);
    }

    /**
     * @param answering how long an answer may take
     */
    MlflowServer(String uri, Map<String, String> environment, Duration answering) {
        this.answering = answering;
        URI given = parsed(uri);
        String user = given.getUserInfo();
        address = given.getScheme() + "://" + given.getRawAuthority().replaceFirst(".*@", "")
                + given.getRawPath().replaceFirst("/+$", "");
        String name = environment.get("MLFLOW_TRACKING_USERNAME");
        String password = environment.get("MLFLOW_TRACKING_PASSWORD");
        if (user == null && name != null && password != null) {
            user = name + ":" + password;
        }
        String token = environment.get("MLFLOW_TRACKING_TOKEN");
        authorization = user != null
                ? "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8))
                : token != null && !token.isBlank() ? "Bearer " + token.strip() : null;
    }

    private static URI parsed(String uri) {
        String shown = mention("mlflow", withoutUser(uri));
        try {
            URI parsed = new URI(uri.strip());
            boolean isServer = parsed.getScheme() != null && parsed.getScheme().matches("(?i)https?");
            if (isServer && parsed.getHost() != null && parsed.getQuery() == null && parsed.getFragment() == null) {
                return parsed;
            }
        } catch (URISyntaxException e) {
            throw new UserError(shown + ": expected the address of a tracking server, such as http://127.0.0.1:5000");
        }
        throw new UserError(
                shown + ": expected the address of a tracking server, such as http://127.0.0.1:5000",
                "mlflow server --backend-store-uri shows runs that are kept in files or a database",
                null);
    }

    /** Returns an address whose user and password are hidden, even those with blanks, which no address can have. */
    static String withoutUser(String uri) {
        return Addresses.withoutUser(uri.replaceAll("(?s)\\s(?=.*@)", "+"));
    }

    /** Returns the address without user and password. */
    String address() {
        return address;
    }

    JsonNode get(String path, String key, String value) throws IOException {
        return send(request(path + "?" + key + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8))
                .GET()
                .build());
    }

    JsonNode post(String path, ObjectNode body) throws IOException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
                .build());
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + "/api/2.0/mlflow/" + path));
        return authorization == null ? request : request.header("Authorization", authorization);
    }

    /**
     * @throws Refused when the server will not do it
     * @throws IOException when it could not be reached, or could not do it now
     */
    private JsonNode send(HttpRequest request) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        HttpResponse<Void> answer = answer(request, bytes);
        int status = answer.statusCode();
        JsonNode body = json(bytes.toString(StandardCharsets.UTF_8));
        if (status == 200 && body != null) {
            return body;
        }
        String code = body == null ? "" : body.path("error_code").asText("");
        String said = body == null || body.path("message").asText("").isEmpty()
                ? status == 200 ? "no JSON: is it a tracking server?" : "an error"
                : body.path("message").asText();
        if (status >= 300 && status < 400) {
            String place = answer.headers().firstValue("Location").orElse("another address");
            said = "moved to " + withoutUser(place);
        }
        String message = "answers " + status + ", " + OneLine.of(said, LONGEST_ANSWER);
        if (status >= 500 || status == 429 || status == 408) {
            throw new IOException(message);
        }
        throw new Refused(status, code, message);
    }

    /**
     * Waits for the whole answer.
     *
     * @param bytes receives its body, as much of it as any answer of a tracking server has
     */
    private HttpResponse<Void> answer(HttpRequest request, ByteArrayOutputStream bytes) throws IOException {
        if (client == null) {
            client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECTING)
                    .build();
        }
        CompletableFuture<HttpResponse<Void>> answer =
                client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArrayConsumer(part -> part.filter(
                                some -> bytes.size() + some.length <= MOST_BYTES)
                        .ifPresent(bytes::writeBytes)));
        try {
            return answer.get(answering.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException("no answer in " + answering.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        }
    }

    /** Returns what is no JSON object as null. */
    private static JsonNode json(String text) {
        try {
            JsonNode node = JSON.readTree(text);
            return node != null && node.isObject() ? node : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }
}
